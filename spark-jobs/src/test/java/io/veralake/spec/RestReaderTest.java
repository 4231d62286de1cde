package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RestReaderTest {
  private static final String FILE = "models/land/deals.conf";

  @Test
  void everyKeyReachesItsField() {
    LandTable table =
        conf("")
            .with(
                FILE,
                """
                format = json
                system = crm
                key = "$.id"
                rest {
                  connection = crm
                  path = "/deals"
                  method = POST
                  query { a.b = 1, "c[]" = x }
                  headers { X-Version = 2 }
                  body = "{}"
                  records = "$.deals.*"
                  error = "$.errors"
                  paging {
                    kind = offset, parameter = "$.from", first = 1, size = 50, size-parameter = "$.n"
                    more = "$.more", total = "$.total", hosts = ["https://b.example"], restart-after = 100
                  }
                  incremental { field = "$.at", parameter = "$.since", format = "yyyy/MM/dd", overlap = 1 second, start = "1970-01-02" }
                }
                """)
            .model()
            .land()
            .get(0);

    assertThat(table.source())
        .isEqualTo(
            new LandSource.Rest(
                new RestApi(
                    "crm",
                    true,
                    "/deals",
                    Map.of("a.b", "1", "c[]", "x"),
                    Map.of("X-Version", "2"),
                    "{}",
                    false,
                    "$.deals.*",
                    "$.errors",
                    new RestApi.XmlNames(Map.of(), List.of()),
                    new RestApi.Paging(
                        RestApi.PagingKind.OFFSET,
                        "$.from",
                        "1",
                        50,
                        "$.n",
                        "",
                        "",
                        "$.more",
                        "$.total",
                        List.of("https://b.example"),
                        100),
                    new RestApi.Incremental(
                        DocumentField.parse("$.at as timestamp"),
                        "$.since",
                        "yyyy/MM/dd",
                        1_000_000,
                        86_400_000_000L))));
    assertThat(table.orderBy()).containsExactly("$.at as timestamp");
    assertThat(table.commitTime()).isEqualTo(ValueOrigin.column("$.at as timestamp"));
  }

  @Test
  void wrongValuesSayWhatIsAllowed() {
    ConfFolder conf =
        conf("")
            .with(
                FILE,
                """
                format = json
                system = crm
                rest {
                  connection = crn
                  path = "/deals"
                  body = x
                  records = results
                  paging { kind = offset, first = a, size-parameter = n }
                  incremental { field = "$.at", format = yy-QQQQQQ, start = 2026 }
                }
                """)
            .with("models/land/page.conf", "format = xml\npath = p\nsystem = crm")
            .with(
                "models/land/lines.conf",
                "format = json-lines\nsystem = crm\nrest { connection = crm, path = x, paging { kind = cursor, restart-after = 5 } }");

    assertThat(conf.problems())
        .containsExactly(
            "Missing key of deals: key at models/land/deals.conf: 1",
            "Unknown rest.connection of deals: crn (did you mean \"crm\"?) at models/land/deals.conf: 4",
            "Invalid rest.body of deals: … (none for method = GET) at models/land/deals.conf: 6",
            "Invalid rest.records of deals: results (a path such as $.updatedAt, $.customer.id or $.lines[0].id) at models/land/deals.conf: 7",
            "Invalid rest.paging.first of deals: a (a whole number) at models/land/deals.conf: 8",
            "Missing key of deals: rest.paging.size at models/land/deals.conf: 8",
            "Invalid rest.incremental.format of deals: yy-QQQQQQ (iso, date, epoch-seconds, epoch-millis, number or a pattern such as \"yyyy-MM-dd HH:mm:ss\") at models/land/deals.conf: 9",
            "Invalid rest.incremental.start of deals: 2026 (2026-03-01 or 2026-03-01T00:00:00Z, in quotes) at models/land/deals.conf: 9",
            "Invalid format of lines: json-lines (json or xml for rest) at models/land/lines.conf: 1",
            "Missing key of lines: rest.paging.next at models/land/lines.conf: 3",
            "Missing key of lines: rest.incremental at models/land/lines.conf: 3",
            "Invalid format of page: xml (xml is for rest) at models/land/page.conf: 1");
  }

  @Test
  void thePlaceOfTheNextPageIsNothingSensitive() {
    String deals =
        """
        format = json
        system = crm
        key = ["$.id"]
        sensitive { "$.contact.email" = hash, "$.at" = drop, "$.note" = drop }
        rest {
          connection = crm
          path = "/deals"
          records = "$.results"
          paging { kind = cursor, parameter = after, next = "%s" }
          incremental { field = "$.at", parameter = since }
        }
        """;
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake {
                  connections.crm { url = "https://crm.example" }
                  privacy { hash-key = { file = "conf/key" }, encryption-key = { file = "conf/key" } }
                }
                """)
            .with("key", "a key of the tests, 32 characters and more");
    String at =
        "Invalid sensitive of deals: $.at (another than the columns of order-by, commit-time, load-time and record-source) at models/land/deals.conf: 4";
    String next =
        "Invalid sensitive of deals: $.contact.email (another than rest.paging.next, which is sent in addresses and told in messages: take a page's own mark, or a field that isn't sensitive) at models/land/deals.conf: 4";

    assertThat(conf.with(FILE, deals.formatted("$.results[-1].contact.email")).problems())
        .containsExactly(at, next);
    assertThat(conf.with(FILE, deals.formatted("$.results[-1].contact")).problems())
        .containsExactly(at, next);
    assertThat(conf.with(FILE, deals.formatted("$.results[-1].id")).problems()).containsExactly(at);
    // Of the page, not of a record.
    assertThat(conf.with(FILE, deals.formatted("$.contact.email")).problems()).containsExactly(at);
  }

  @Test
  void whoAsksAndHowFastIsSaidAtTheConnection() {
    Connection crm =
        conf("""
                rate = "90 per minute", timeout = 2 seconds, attempts = 3, back-off = 10 ms, give-up = 1 hour
                auth { kind = oauth2-client-credentials, token-url = "https://x/t", client-id = me, client-secret = { file = "conf/secret" }, scope = all }
                """)
            .with("secret", "s3cret\n")
            .read()
            .engine()
            .connections()
            .get("crm");

    assertThat(crm.http())
        .isEqualTo(
            new HttpAccess(
                new HttpAccess.Auth(
                    HttpAccess.AuthKind.OAUTH2_CLIENT_CREDENTIALS,
                    "",
                    new Secret("s3cret"),
                    "https://x/t",
                    "me",
                    "all"),
                1.5,
                Duration.ofSeconds(2),
                3,
                Duration.ofMillis(10),
                Duration.ofHours(1)));
    assertThat(crm.toString() + crm.http()).doesNotContain("s3cret");
  }

  @Test
  void aSecretIsNotWrittenInTheFile() {
    ConfFolder conf =
        conf("rate = 5, auth { kind = bearer, token = abc }")
            .with(
                "models/land/none.conf", "format = csv\npath = p\nsystem = s\ncolumns { a = int }");

    assertThat(conf.problems()).hasSize(2);
    assertThat(String.join("\n", conf.problems())).doesNotContain("abc");
  }

  private static ConfFolder conf(String more) {
    return ConfFolder.empty()
        .with(
            "engine.conf",
            "veralake.connections.crm { url = \"https://crm.example\"\n" + more + "\n}");
  }
}
