package io.veralake.land;

import io.veralake.lake.KeyedHash;
import io.veralake.lake.ValueCipher;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.ColumnTypes;
import io.veralake.land.decode.DocumentMask;
import io.veralake.land.decode.PlainText;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table with sensitive values on their way from the decoder, which makes them as the
 * source has them, to the raw table: the first place behind the source, and the last one at which
 * the values are plain. Not thread-safe; a copy that was serialized is one of its own.
 */
final class Protected implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String DOCUMENT = "document";

  private final Map<String, Protection> how;
  private final Engine.Privacy keys;
  private final StructType source;
  private final StructType raw;
  private final @Nullable Protection[] byPlace;
  private final int document;
  private transient @Nullable KeyedHash hash;
  private transient @Nullable ValueCipher cipher;
  private transient @Nullable DocumentMask mask;

  private Protected(
      LandTable table, Engine.Privacy keys, StructType source, StructType raw, int document) {
    this.how = table.sensitive();
    this.keys = keys;
    this.source = source;
    this.raw = raw;
    this.document = document;
    this.byPlace = new Protection[raw.size()];
    for (int i = 0; i < raw.size(); i++) {
      this.byPlace[i] = this.how.get(raw.fields()[i].name());
    }
  }

  /** The columns of {@code sources} as the raw table of {@code table} has them. */
  static List<StructType> stored(LandTable table, List<StructType> sources) {
    if (table.sensitive().isEmpty()) {
      return sources;
    }
    return sources.stream().map(source -> stored(table.sensitive(), source)).distinct().toList();
  }

  private static StructType stored(Map<String, Protection> how, StructType source) {
    StructType stored = new StructType();
    for (StructField field : source.fields()) {
      Protection protection = how.get(field.name());
      if (protection != Protection.DROP) {
        DataType type = protection == null ? field.dataType() : DataTypes.StringType;
        stored = stored.add(field.name(), type, true);
      }
    }
    return stored;
  }

  /**
   * For rows whose columns are {@code sources}, a struct a schema, and that go into a raw table of
   * rows {@code raw}.
   */
  static Protected of(
      LandTable table, Engine.Privacy keys, List<StructType> sources, StructType raw) {
    StructType all = new StructType();
    for (StructType source : sources) {
      all = ColumnTypes.union(all, source);
    }
    List<String> known = Arrays.asList(all.fieldNames());
    StructType own = new StructType();
    for (StructField field : raw.fields()) {
      boolean sensitive = table.sensitive().containsKey(field.name());
      own = own.add(sensitive && known.contains(field.name()) ? all.apply(field.name()) : field);
    }
    for (StructField field : all.fields()) {
      if (table.sensitive().get(field.name()) == Protection.DROP) {
        own = own.add(field);
      }
    }
    boolean paths = table.sensitive().keySet().stream().anyMatch(name -> name.startsWith("$"));
    int document = paths ? Arrays.asList(raw.fieldNames()).indexOf(DOCUMENT) : -1;
    return new Protected(table, keys, own, raw, document);
  }

  /**
   * What the decoder makes: the raw table's columns, with the source's types, then dropped ones.
   */
  StructType source() {
    return this.source;
  }

  /** What goes into the raw table. */
  StructType raw() {
    return this.raw;
  }

  /** A row of {@link #source} as one of {@link #raw}. */
  @Nullable Object @Nullable [] row(@Nullable Object @Nullable [] row) throws BadRecordException {
    if (row == null || this.how.isEmpty()) {
      return row;
    }
    @Nullable Object[] stored = Arrays.copyOf(row, this.raw.size());
    for (int i = 0; i < stored.length; i++) {
      Object value = stored[i];
      Protection protection = this.byPlace[i];
      if (protection != null && value != null) {
        byte[] plain = PlainText.of(value, this.source.fields()[i].dataType());
        stored[i] = UTF8String.fromBytes(this.value(plain, protection));
      }
    }
    Object text = this.document < 0 ? null : stored[this.document];
    if (text != null) {
      byte[] masked = this.documents().apply(((UTF8String) text).getBytes());
      stored[this.document] = UTF8String.fromBytes(masked);
    }
    return stored;
  }

  /** Those of {@code names}, columns or {@code before.} columns, that the raw table has. */
  List<String> names(List<String> names) {
    return this.how.isEmpty()
        ? names
        : names.stream()
            .filter(name -> this.how.get(name.replaceFirst("^before\\.", "")) != Protection.DROP)
            .toList();
  }

  /** Whether records that can't be landed are kept encrypted. */
  boolean encrypts() {
    return !this.how.isEmpty();
  }

  /** The bytes of a record that can't be landed as they are kept. */
  byte[] kept(byte[] bytes) {
    return this.encrypts() ? this.cipher().encrypt(bytes) : bytes;
  }

  /** Why a record can't be landed, without its values if any of them may be sensitive. */
  String reason(String reason) {
    int colon = reason.indexOf(": ");
    if (!this.encrypts() || colon < 0) {
      return reason;
    }
    String what = reason.substring(0, colon);
    int allowed = reason.lastIndexOf(" (");
    boolean ours = allowed > colon && reason.endsWith(")") && !what.startsWith("Invalid JSON");
    return ours ? what + ": …" + reason.substring(allowed) : what;
  }

  private byte[] value(byte[] plain, Protection protection) {
    String text =
        protection == Protection.HASH ? this.hash().of(plain) : this.cipher().encryptToText(plain);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private DocumentMask documents() {
    DocumentMask made = this.mask;
    if (made == null) {
      made = new DocumentMask();
      for (Map.Entry<String, Protection> entry : this.how.entrySet()) {
        if (entry.getKey().startsWith("$")) {
          Protection protection = entry.getValue();
          UnaryOperator<byte @Nullable []> replace =
              plain ->
                  plain == null || protection == Protection.DROP
                      ? null
                      : this.value(plain, protection);
          made.at(entry.getKey(), replace);
        }
      }
      this.mask = made;
    }
    return made;
  }

  private KeyedHash hash() {
    KeyedHash made = this.hash;
    if (made == null) {
      made = new KeyedHash(this.keys.hashKey().value());
      this.hash = made;
    }
    return made;
  }

  private ValueCipher cipher() {
    ValueCipher made = this.cipher;
    if (made == null) {
      made = new ValueCipher(this.keys.encryptionKey().value());
      this.cipher = made;
    }
    return made;
  }
}
