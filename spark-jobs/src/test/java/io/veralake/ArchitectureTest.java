package io.veralake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The layers of the engine, and the habits that keep a rerun equal to the run. */
final class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.veralake");
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .importPackages("io.veralake");
  private static final String[] STAGES = {
    "io.veralake.land..",
    "io.veralake.vault..",
    "io.veralake.mart..",
    "io.veralake.reconcile..",
    "io.veralake.publish.."
  };

  @Test
  void classesAreSeen() {
    assertThat(MAIN.size()).as("classes of the engine").isGreaterThan(80);
    assertThat(TESTS.size()).as("classes of its tests").isGreaterThan(20);
  }

  /** Measurements and long runs start without the libraries of tests. */
  @Test
  void programsAmongTheTestsNeedNoTestLibrary() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Benchmark")
        .or()
        .haveSimpleName("Convergence")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAnyPackage("org.junit..", "org.assertj..")
        .because("bench/ starts them with the class path of the engine")
        .check(TESTS);
  }

  @Test
  void stagesMeetOnlyInTables() {
    for (String stage : STAGES) {
      String[] others =
          java.util.Arrays.stream(STAGES).filter(s -> !s.equals(stage)).toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(stage)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .because("stages meet only in tables: what two of them need goes to io.veralake.lake")
          .check(MAIN);
    }
  }

  @Test
  void onlyRunSeesTheStages() {
    noClasses()
        .that()
        .resideOutsideOfPackages(STAGES)
        .and()
        .resideOutsideOfPackage("io.veralake.run..")
        .and()
        .resideInAPackage("io.veralake..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(STAGES)
        .because("only run puts stages together")
        .check(MAIN);
  }

  @Test
  void specKnowsNoEngine() {
    noClasses()
        .that()
        .resideInAPackage("io.veralake.spec..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.iceberg..", "com.clickhouse..")
        .because("a model is checked before Spark starts, and must not need it")
        .check(MAIN);
  }

  @Test
  void onlyOnePackageSpeaksClickHouse() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.veralake.clickhouse..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.clickhouse..")
        .because("what is said to ClickHouse goes through io.veralake.clickhouse")
        .check(MAIN);
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.veralake.land..",
            "io.veralake.vault..",
            "io.veralake.mart..",
            "io.veralake.lake..",
            "io.veralake.catalog..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.veralake.clickhouse..")
        .because("only reconcile and publish work with ClickHouse")
        .check(MAIN);
  }

  @Test
  void noStageAsksTheClockOrChance() {
    noClasses()
        .that()
        .resideInAnyPackage(STAGES)
        .or()
        .resideInAnyPackage("io.veralake.lake..", "io.veralake.spec..", "io.veralake.clickhouse..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .because("time is an argument (RunContext.asOf) and a rerun gives the same")
        .check(MAIN);
  }

  @Test
  void onlyRunOpensSessions() {
    noClasses()
        .that()
        .resideInAPackage("io.veralake..")
        .and()
        .resideOutsideOfPackage("io.veralake.run..")
        .should()
        .callMethod(SparkSession.class, "builder")
        .because("steps work on the session of their run")
        .check(MAIN);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    Set<String> marked =
        MAIN.stream()
            .filter(type -> type.getSimpleName().equals("package-info"))
            .filter(type -> type.isAnnotatedWith(NullMarked.class))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    Set<String> all =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    all.removeAll(marked);
    assertThat(marked).as("packages with @NullMarked").hasSizeGreaterThan(12);
    assertThat(all).as("packages without a package-info.java with @NullMarked").isEmpty();
  }

  @Test
  void onlyCommandsWriteToTheConsole() {
    noClasses()
        .that()
        .resideInAPackage("io.veralake..")
        .and()
        // The embedded server is a program of its own, its console is its log.
        .haveNameNotMatching(
            "io\\.veralake\\.demo\\..*(Command|ClickHouseServer|NativeEngine)(\\$.*)?")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .because("what a run says goes to the writer of its Job, all else to the log")
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.veralake.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void testsHaveNamesThatAreRun() {
    methods()
        .that()
        .areAnnotatedWith(Test.class)
        .should()
        .beDeclaredInClassesThat()
        .haveNameMatching(".*(Test|IT)(\\$.*)?")
        .because("Surefire runs *Test and Failsafe *IT, and nothing else")
        .check(TESTS);
  }

  @Test
  void nothingIsNamedADrawer() {
    classes()
        .that()
        .resideInAPackage("io.veralake..")
        .should()
        .haveSimpleNameNotEndingWith("Util")
        .andShould()
        .haveSimpleNameNotEndingWith("Utils")
        .andShould()
        .haveSimpleNameNotEndingWith("Manager")
        .andShould()
        .haveSimpleNameNotEndingWith("Helper")
        .because("a class is named by what it makes")
        .check(MAIN);
  }
}
