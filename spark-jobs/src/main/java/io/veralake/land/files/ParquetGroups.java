package io.veralake.land.files;

import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/** The rows of a row group as the file holds them. */
final class ParquetGroups {
  private final RecordReader<Group> rows;

  ParquetGroups(MessageType schema, PageReadStore pages) {
    this.rows =
        new ColumnIOFactory()
            .getColumnIO(schema)
            .getRecordReader(pages, new GroupRecordConverter(schema));
  }

  /** The next row; there must be one. */
  Group next() {
    return this.rows.read();
  }
}
