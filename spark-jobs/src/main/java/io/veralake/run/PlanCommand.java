package io.veralake.run;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What a stage would change, before it does. */
@Command(
    name = "plan",
    description = "Tells what a stage would change, and changes nothing: publish.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @Spec
  CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @ParentCommand
  VeralakeCommand veralake;

  @Override
  public void run() {
    throw new ParameterException(this.spec.commandLine(), "Missing stage (publish; see --help)");
  }

  @Command(
      description =
          "Rows, partitions and measures that the next publication would change for readers, and the plan's name for --approve.",
      mixinStandardHelpOptions = true)
  int publish(@Mixin Options options) {
    return this.veralake.run(
        "plan publish", options, model -> PublishSteps.plan(model, options.only));
  }
}
