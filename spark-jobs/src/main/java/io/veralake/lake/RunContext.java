package io.veralake.lake;

import io.veralake.spec.Engine;
import io.veralake.spec.Model;
import java.time.Instant;

/**
 * What a step knows of the run that it belongs to. Time is only here: no step asks the clock.
 *
 * @param runId unique name of the run, in summaries, ledgers and logs
 * @param asOf the instant up to which the run speaks; the watermark is never later
 * @param lake the tables
 * @param engine the installation's configuration
 * @param model what is declared
 */
public record RunContext(String runId, Instant asOf, Lake lake, Engine engine, Model model) {}
