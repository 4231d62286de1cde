package io.veralake.land;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The events of {@link LandData} in a container, with the schema that Debezium's converter has. */
final class LandAvro implements LandData.Sink {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Envelope","namespace":"shop.shop.order_items","fields":[
               {"name":"before","type":["null",{"type":"record","name":"Value","fields":[
                {"name":"order_id","type":"long"},{"name":"line_number","type":"int"},{"name":"product_id","type":"long"},
                {"name":"seller_id","type":["null","long"],"default":null},{"name":"quantity","type":"int"},
                {"name":"unit_price","type":{"type":"bytes","scale":2,"precision":12,"connect.version":1,
                 "connect.parameters":{"scale":"2","connect.decimal.precision":"12"},
                 "connect.name":"org.apache.kafka.connect.data.Decimal","logicalType":"decimal"}},
                {"name":"note","type":["null","string"],"default":null},
                {"name":"created_at","type":{"type":"long","connect.version":1,"connect.name":"io.debezium.time.MicroTimestamp"}},
                {"name":"gift","type":["null","boolean"],"default":null}],
                "connect.name":"shop.shop.order_items.Value"}],"default":null},
               {"name":"after","type":["null","Value"],"default":null},
               {"name":"source","type":{"type":"record","name":"Source","namespace":"io.debezium.connector.postgresql","fields":[
                {"name":"version","type":"string"},{"name":"connector","type":"string"},{"name":"ts_ms","type":"long"},
                {"name":"db","type":"string"},{"name":"sequence","type":["null","string"],"default":null},
                {"name":"table","type":"string"},{"name":"lsn","type":["null","long"],"default":null}],
                "connect.name":"io.debezium.connector.postgresql.Source"}},
               {"name":"op","type":"string"},{"name":"ts_ms","type":["null","long"],"default":null}],
               "connect.version":2,"connect.name":"shop.shop.order_items.Envelope"}""");
  private static final Schema ROW = SCHEMA.getField("after").schema().getTypes().get(1);

  private final DataFileWriter<GenericRecord> out;

  private LandAvro(DataFileWriter<GenericRecord> out) {
    this.out = out;
  }

  static LandAvro into(Path file) throws IOException {
    DataFileWriter<GenericRecord> out = new DataFileWriter<>(new GenericDatumWriter<>(SCHEMA));
    out.setCodec(CodecFactory.snappyCodec());
    return new LandAvro(out.create(SCHEMA, file.toFile()));
  }

  @Override
  public void send(LandData.Event event) throws IOException {
    GenericRecord source = new GenericData.Record(SCHEMA.getField("source").schema());
    source.put("version", "3.6.1.Final");
    source.put("connector", "postgresql");
    source.put("ts_ms", event.committed());
    source.put("db", "shop");
    source.put("sequence", "[\"1\",\"2\"]");
    source.put("table", "order_items");
    source.put("lsn", event.lsn());
    GenericRecord envelope = new GenericData.Record(SCHEMA);
    envelope.put("before", row(event.before()));
    envelope.put("after", row(event.after()));
    envelope.put("source", source);
    envelope.put("op", event.op());
    envelope.put("ts_ms", event.committed() + 5);
    this.out.append(envelope);
  }

  private static @Nullable GenericRecord row(LandData.@Nullable Item item) {
    if (item == null) {
      return null;
    }
    GenericRecord row = new GenericData.Record(ROW);
    row.put("order_id", item.order());
    row.put("line_number", item.line());
    row.put("product_id", item.product());
    row.put("seller_id", item.seller());
    row.put("quantity", item.quantity());
    row.put("unit_price", ByteBuffer.wrap(item.cents()));
    row.put("note", item.text());
    row.put("created_at", item.created());
    row.put("gift", item.gift());
    return row;
  }

  @Override
  public void close() throws IOException {
    this.out.close();
  }
}
