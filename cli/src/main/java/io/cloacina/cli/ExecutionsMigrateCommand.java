package io.cloacina.cli;

import io.cloacina.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "migrate",
        header = "Let executions continue with another version of their workflow.",
        description = {
            "",
            "Needed only for executions that do not continue by themselves: pinned ones, or",
            "to choose another version than the newest. What finished tasks wrote stays. An",
            "execution is moved only if that version is compatible with its unfinished tasks;",
            "otherwise the reason is printed and nothing changes. 'workflows list' shows the",
            "versions; 'workflows diff' shows what changed."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions migrate 3fa94c21 --to-version 9f86d081884c7d65",
            "  cloacina executions migrate 3fa94c21 77b0e9d2 --to-version 2 --json",
            "",
            "Exit codes:",
            "  0   success, for all of them; nothing is done for one that has that version",
            "  3   there is no such execution, or no such version of its workflow",
            "  4   one is incompatible, has ended, or runs a task; the others are moved"
        })
final class ExecutionsMigrateCommand extends InterveneCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = {"Ids, or six or more characters of the beginning or", "end of each."})
    private final List<String> ids = new ArrayList<>();

    @Option(names = "--to-version", required = true, paramLabel = "V", description = "The version to continue with.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String version;

    @Override
    List<String> ids() {
        return ids;
    }

    @Override
    void intervene(Engine engine, UUID execution) {
        engine.versions().migrate(execution, version);
    }

    @Override
    String done() {
        return "migrated";
    }

    @Override
    boolean needsRunner() {
        return true;
    }
}
