package io.veralake.land.decode;

import com.fasterxml.jackson.core.Base64Variant;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.core.base.ParserMinimalBase;
import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link com.fasterxml.jackson.core.JsonParser} over something else than JSON text has to
 * say and nobody here asks.
 */
abstract class TokenParser extends ParserMinimalBase {
  @Override
  public abstract String currentName();

  @Override
  public abstract byte[] getBinaryValue();

  @Override
  @Deprecated
  public String getCurrentName() {
    return this.currentName();
  }

  @Override
  public byte[] getBinaryValue(Base64Variant variant) {
    return this.getBinaryValue();
  }

  @Override
  public char[] getTextCharacters() throws IOException {
    return this.getText().toCharArray();
  }

  @Override
  public boolean hasTextCharacters() {
    return false;
  }

  @Override
  public int getTextLength() throws IOException {
    return this.getText().length();
  }

  @Override
  public int getTextOffset() {
    return 0;
  }

  @Override
  public int getIntValue() throws IOException {
    return Math.toIntExact(this.getLongValue());
  }

  @Override
  public BigInteger getBigIntegerValue() throws IOException {
    return BigInteger.valueOf(this.getLongValue());
  }

  @Override
  public float getFloatValue() throws IOException {
    return (float) this.getDoubleValue();
  }

  @Override
  public double getDoubleValue() throws IOException {
    return this.getDecimalValue().doubleValue();
  }

  @Override
  public @Nullable ObjectCodec getCodec() {
    return null;
  }

  @Override
  public void setCodec(@Nullable ObjectCodec codec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  @Deprecated
  public JsonLocation getTokenLocation() {
    return JsonLocation.NA;
  }

  @Override
  @Deprecated
  public JsonLocation getCurrentLocation() {
    return JsonLocation.NA;
  }

  @Override
  public @Nullable JsonStreamContext getParsingContext() {
    return null;
  }

  @Override
  @Deprecated
  public void overrideCurrentName(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void _handleEOF() throws JsonParseException {
    throw new JsonParseException(this, "The record ends too early");
  }

  @Override
  public void close() {}

  @Override
  public boolean isClosed() {
    return this._currToken == null;
  }
}
