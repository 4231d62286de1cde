package io.veralake.land.decode;

import io.veralake.fixture.Models;
import io.veralake.spec.LandTable;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Prints how fast envelopes in Avro are decoded on one core, and how fast Avro's own reader makes
 * generic records of them: {@code AvroBenchmark <container file of envelopes> [times]}. Not a test:
 * times depend on the machine.
 */
final class AvroBenchmark {
  private static final int RECORDS = 200_000;

  private AvroBenchmark() {}

  public static void main(String[] arguments) throws IOException, BadRecordException {
    Schema schema;
    List<byte[]> records = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(new File(arguments[0]), new GenericDatumReader<>())) {
      schema = reader.getSchema();
      while (reader.hasNext()) {
        records.add(record(schema, reader.next()));
      }
    }
    StructType rowType = AvroEnvelopeDecoder.rowType(schema.toString()).orElseThrow();
    LandTable table = Models.files("t", LandTable.Format.DEBEZIUM_AVRO, "t", "shop");
    RecordDecoder decoder =
        AvroEnvelopeDecoder.of(
            table, rowType, new KnownSchemas(Map.of(1L, schema.toString()), 4, "the benchmark"));
    int times = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    for (int i = 0; i < times; i++) {
      long began = System.nanoTime();
      long bad = 0;
      for (int n = 0; n < RECORDS; n++) {
        byte[] record = records.get(n % records.size());
        try {
          decoder.decode(record, 0, record.length);
        } catch (BadRecordException e) {
          bad++;
        }
      }
      print("veralake", began, bad);
      began = System.nanoTime();
      GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
      BinaryDecoder binary = null;
      for (int n = 0; n < RECORDS; n++) {
        byte[] record = records.get(n % records.size());
        binary = DecoderFactory.get().binaryDecoder(record, 5, record.length - 5, binary);
        reader.read(null, binary);
      }
      print("generic", began, 0);
    }
  }

  private static byte[] record(Schema schema, GenericRecord event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(ByteBuffer.allocate(4).putInt(1).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(event, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static void print(String who, long began, long bad) {
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        Locale.ROOT, "avro  %-9s %,9.0f /s on one core, %d refused%n", who, RECORDS / seconds, bad);
  }
}
