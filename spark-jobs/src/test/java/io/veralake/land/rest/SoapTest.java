package io.veralake.land.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.lake.DataException;
import io.veralake.spec.RestApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lists of SOAP servers. */
final class SoapTest {
  private static final String OPEN =
      "<?xml version='1.0'?><e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>";
  private static final String CLOSE = "</e:Body></e:Envelope>";

  @Test
  void elementsAreDocumentsAndPagesAreAskedForInTheBody() throws IOException {
    try (TestHttp http =
        new TestHttp(
            request -> {
              boolean first = request.body().contains("<page>1</page>");
              boolean known =
                  request.header("SOAPAction").equals("urn:list")
                      && request.header("Content-Type").equals("text/xml; charset=utf-8")
                      && request.body().contains("<user>reader</user><pw>pass-word</pw>");
              return !known
                  ? Response.of(400, "who?")
                  : Response.of(
                      200,
                      OPEN
                          + "<r xmlns='urn:x' xmlns:o='urn:o' xmlns:d='urn:d' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                          + (first
                              ? """
                              <i id='1'><a>1.50</a><line>x</line></i>
                              <i id='2' o:id='3'><a xsi:nil='true'/><a/><b c='d'> t &amp; <![CDATA[<u>]]></b><o:b>1</o:b><d:b>2</d:b></i>
                              <other/>"""
                              : "")
                          + "</r>"
                          + CLOSE);
            })) {
      assertThat(Lists.all(api(), Lists.connection(http), RestPosition.NONE))
          .containsExactly(
              "{\"@id\":\"1\",\"a\":\"1.50\",\"line\":[\"x\"]}",
              "{\"@id\":\"2\",\"@{urn:o}id\":\"3\",\"a\":[null,\"\"],\"b\":{\"@c\":\"d\",\"#text\":\" t & <u>\"},\"{urn:o}b\":\"1\",\"d:b\":\"2\"}");
      assertThat(http.requests()).hasSize(2);
    }
  }

  @Test
  void aFaultOfTheClientIsToldAtOnceAndOneOfTheServerIsTriedAgain() throws IOException {
    String fault =
        OPEN
            + "<e:Fault><faultcode>e:%s</faultcode><faultstring>no</faultstring></e:Fault>"
            + CLOSE;
    try (TestHttp http = new TestHttp(r -> Response.of(500, fault.formatted("Client")))) {
      assertThatThrownBy(() -> Lists.all(api(), Lists.connection(http), RestPosition.NONE))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot read the list of raw.items: "
                  + http.url()
                  + "/list answers with an error: {\"faultcode\":\"e:Client\",\"faultstring\":\"no\"}");
      assertThat(http.requests()).hasSize(1);
    }
    try (TestHttp http = new TestHttp(r -> Response.of(500, fault.formatted("Server")))) {
      assertThatThrownBy(() -> Lists.all(api(), Lists.connection(http), RestPosition.NONE))
          .hasMessageContaining("4 attempts");
      assertThat(http.requests()).hasSize(4);
    }
  }

  @Test
  void nothingIsFetchedThatADocumentTypeNames() throws IOException {
    try (TestHttp http =
        new TestHttp(
            r ->
                Response.of(
                    200,
                    "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
                        + "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><r><i>&f;</i></r></e:Body></e:Envelope>"))) {
      assertThatThrownBy(() -> Lists.all(api(), Lists.connection(http), RestPosition.NONE))
          .hasMessageContaining("but it is no XML");
    }
  }

  private static RestApi api() {
    return new RestApi(
        "api",
        true,
        "/list",
        Map.of(),
        Map.of("SOAPAction", "urn:list"),
        "<q><user>{user}</user><pw>{password}</pw><page>{next}</page></q>",
        true,
        "/e:Envelope/e:Body/r/i",
        "",
        new RestApi.XmlNames(
            Map.of("e", "http://schemas.xmlsoap.org/soap/envelope/", "d", "urn:d"),
            List.of("line")),
        Lists.paging(RestApi.PagingKind.PAGE, "", ""),
        null);
  }
}
