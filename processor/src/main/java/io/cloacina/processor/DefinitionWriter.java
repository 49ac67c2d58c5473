package io.cloacina.processor;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.WorkflowProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.type.TypeKind;

/** Writes the source of a definition. */
final class DefinitionWriter {
    private static final String CALL = " ".repeat(16);
    private static final String ARGUMENT = CALL + Layout.INDENT;

    private final Language language;
    private final Imports imports;
    private final WorkflowModel workflow;
    private final GeneratedSource source;

    DefinitionWriter(Language language, Imports imports, WorkflowModel workflow) {
        this.language = language;
        this.imports = imports;
        this.workflow = workflow;
        this.source = new GeneratedSource(language, imports, workflow.type());
    }

    String source() {
        return source.with(body(imports.name(workflow.type())));
    }

    private String body(String type) {
        String override = "    @" + imports.name(Override.class) + "\n    public ";
        String definition = imports.name(WorkflowDefinition.class);
        String name = literal(workflow.name());
        return "/** The workflow that {@link " + type + "} declares. */\n"
                + source.annotation()
                // The author of a deprecated class knows.
                + "@" + imports.name(SuppressWarnings.class) + "({\"deprecation\", \"removal\"})\n"
                + "public final class " + Imports.definitionName(workflow.type()) + " implements "
                + imports.name(WorkflowProvider.class) + "<" + type + "> {\n"
                + "    /** For the service loader. */\n"
                + "    public " + Imports.definitionName(workflow.type()) + "() {}\n\n"
                + override + imports.name(Class.class) + "<" + type + "> type() {\n"
                + "        return " + type + ".class;\n    }\n\n"
                + override + imports.name(String.class) + " workflowName() {\n"
                + "        return " + name + ";\n    }\n\n"
                + override + definition + " define(" + type + " workflow) {\n"
                + "        return " + definition + ".named(" + name + ")\n"
                + calls(type)
                + CALL + ".build();\n    }\n}\n";
    }

    private String calls(String type) {
        StringBuilder calls = new StringBuilder(CALL + ".code(" + type + ".class)\n");
        workflow.options().forEach(option -> calls.append(CALL).append(option).append('\n'));
        workflow.tasks().forEach(task -> calls.append(call(task)));
        return calls.toString();
    }

    private String call(TaskModel task) {
        List<String> arguments = new ArrayList<>(List.of(literal(task.name()), "context -> " + run(task)));
        List<String> options = new ArrayList<>();
        if (!task.dependencies().isEmpty()) {
            options.add(
                    task.dependencies().stream().map(this::literal).collect(Collectors.joining(", ", ".after(", ")")));
        }
        options.addAll(task.options());
        if (!options.isEmpty()) {
            arguments.add("task -> task" + String.join(Layout.BREAK, options));
        }
        String line = CALL + ".task(" + Layout.joined(String.join(", ", arguments)) + ")";
        if (Layout.fits(line)) {
            return line + "\n";
        }
        List<String> lines = new ArrayList<>(List.of(arguments.get(0), Layout.wrapped(arguments.get(1), ARGUMENT)));
        if (!options.isEmpty()) {
            lines.add("task -> task"
                    + options.stream()
                            .map(option -> Layout.wrapped(option, ARGUMENT + Layout.INDENT))
                            .collect(Collectors.joining("\n" + ARGUMENT + Layout.INDENT)));
        }
        return CALL + ".task(\n" + ARGUMENT + String.join(",\n" + ARGUMENT, lines) + ")\n";
    }

    private String run(TaskModel task) {
        String taken = task.parameters().stream().map(this::read).collect(Collectors.joining(Layout.COMMA));
        String call =
                "workflow." + task.method().getSimpleName() + "(" + (taken.isEmpty() ? "" : Layout.BREAK) + taken + ")";
        return task.method().getReturnType().getKind() == TypeKind.VOID ? call : "context.output(" + call + ")";
    }

    private String read(Parameter parameter) {
        if (parameter.kind() == Parameter.Kind.CONTEXT) {
            return "context";
        }
        String token = imports.token(language.boxed(parameter.type()));
        boolean optional = parameter.isOptional();
        return switch (parameter.kind()) {
            case FOR_EACH, FOR_EACH_OF_INPUT -> "context.element(" + token + ")";
            case SIGNAL -> "context." + (optional ? "findSignal(" : "signal(") + token + ")";
            case CONTEXT, INPUT, FROM ->
                "context." + (optional ? "find(" : "get(") + literal(parameter.key()) + ", " + token + ")";
        };
    }

    private String literal(String text) {
        return language.elements().getConstantExpression(text);
    }
}
