package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.StoredPackage;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List all packages, in the order of their first upload.",
        description = {
            "",
            "Workflows are known when a runner has loaded a package. A package is deleted as",
            "long as executions go on that have begun with it."
        },
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina packages list --database sqlite:app.db",
            "  cloacina packages list --json | jq -r '.[].name'",
            "",
            "Exit codes:",
            "  0   fine, also when there are none",
            "  2   it cannot be done; one line on stderr says why"
        })
final class PackagesListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<StoredPackage> all = engine.packages().list();
        if (output.isJson()) {
            output.json(Json.array(all, PackagesListCommand::json));
        } else if (all.isEmpty()) {
            output.remark("no packages");
        } else {
            Table table = new Table(
                    Table.text("Package"),
                    Table.number("Size"),
                    Table.text("Signed"),
                    Table.text("Uploaded"),
                    Table.text("State"),
                    Table.text("Workflows"));
            all.forEach(each -> table.row(
                    name(each),
                    Format.bytes(each.bytes()),
                    each.isSigned() ? "yes" : "no",
                    output.times().full(each.updatedAt()),
                    state(each),
                    each.workflows().stream().map(its -> its.split("@", 2)[0]).collect(Collectors.joining(" "))));
            output.table(table);
        }
        return ExitCode.FINE;
    }

    static String name(StoredPackage stored) {
        return stored.name() + "@" + stored.version();
    }

    static String state(StoredPackage stored) {
        if (stored.deletedAt() != null) {
            return "deleted";
        }
        if (!stored.problems().isEmpty()) {
            return "broken";
        }
        return stored.workflows().isEmpty() ? "stored" : "loaded";
    }

    static ObjectNode json(StoredPackage stored) {
        ObjectNode node = Json.fields()
                .put("id", stored.id().toString())
                .put("name", stored.name())
                .put("version", stored.version())
                .put("description", stored.description())
                .put("author", stored.author())
                .put("storage", stored.storage().label())
                .put("content_hash", stored.contentHash())
                .put("bytes", stored.bytes())
                .put("signed", stored.isSigned())
                .put("created_at", JsonOf.text(stored.createdAt()))
                .put("updated_at", JsonOf.text(stored.updatedAt()))
                .put("deleted_at", JsonOf.text(stored.deletedAt()));
        node.set("classes", Json.array(stored.classes(), TextNode::valueOf));
        node.set("workflows", Json.array(stored.workflows(), TextNode::valueOf));
        node.set(
                "problems",
                Json.array(
                        stored.problems(),
                        problem -> Json.fields()
                                .put("runner", problem.runner().toString())
                                .put("host", problem.host())
                                .put("pid", problem.pid())
                                .put("reason", problem.reason())));
        return node;
    }
}
