package io.cloacina.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;

/** Writes the source of a typed client: it submits a workflow, sends its signals and reads the outputs of its tasks. */
final class ClientWriter {
    private static final String ENGINE = "io.cloacina.engine.WorkflowClient";
    private static final String SUBMISSION = "io.cloacina.engine.model.Submission";
    private static final String INDENT = "    ";
    private static final String SECOND = INDENT + INDENT;

    private final Language language;
    private final Imports imports;
    private final WorkflowModel workflow;
    private final GeneratedSource source;
    private final String engineType;
    private final String submissionType;
    private final String access;
    private final Identifiers methods = new Identifiers("submit", "submission");

    private ClientWriter(
            Language language, Imports imports, WorkflowModel workflow, TypeElement engine, TypeElement submission) {
        this.language = language;
        this.imports = imports;
        this.workflow = workflow;
        this.source = new GeneratedSource(language, imports, workflow.type());
        this.engineType = imports.name(engine);
        this.submissionType = imports.name(submission);
        this.access = isPublic(workflow.type()) ? "public " : "";
    }

    /** The source; empty if the class is compiled without the engine. */
    static Optional<String> source(Language language, Imports imports, WorkflowModel workflow) {
        return language.known(workflow.type(), ENGINE)
                .flatMap(engine -> language.known(workflow.type(), SUBMISSION)
                        .map(submission -> new ClientWriter(language, imports, workflow, engine, submission).source()));
    }

    private static boolean isPublic(TypeElement type) {
        for (Element at = type; at.getKind() != ElementKind.PACKAGE; at = Language.around(at)) {
            if (!at.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
    }

    private String source() {
        String type = imports.name(workflow.type());
        String name = Imports.clientName(workflow.type());
        String members = Stream.of(submitting(), signals(), results())
                .flatMap(List::stream)
                .collect(Collectors.joining("\n"));
        return source.with("/**\n * Submits executions of the workflow " + code(workflow.name())
                + ", sends their signals and reads the outputs of their\n * tasks, with the types that {@link " + type
                + "} declares.\n */\n"
                + source.annotation()
                + "@" + imports.name(SuppressWarnings.class) + "({\"deprecation\", \"removal\", \"exports\"})\n"
                + access + "final class " + name + " {\n"
                + INDENT + "private " + name + "() {}\n\n"
                + members + "}\n");
    }

    /** A parameter of a method that is written. */
    private record Taken(String name, String type) {
        @Override
        public String toString() {
            return type + " " + name;
        }
    }

    private List<String> submitting() {
        Identifiers names = new Identifiers();
        Map<String, Taken> byKey = new LinkedHashMap<>();
        List<InputModel> inputs = Stream.concat(
                        workflow.inputs().stream().filter(InputModel::isRequired),
                        workflow.inputs().stream().filter(input -> !input.isRequired()))
                .toList();
        inputs.forEach(input -> byKey.put(
                input.key(),
                new Taken(names.unique(Identifiers.camelCase(input.key(), "input"), "Value"), type(input))));
        Taken engine = new Taken(names.unique("engine", "Client"), engineType);
        List<Taken> given = List.copyOf(byKey.values());
        String arguments = given.stream().map(Taken::name).collect(Collectors.joining(Layout.COMMA));
        String submit = method(
                "Stores an execution with this input, as {@link " + engineType + "#submit(" + submissionType
                        + ")} does, and returns its id.",
                imports.name(UUID.class) + " submit",
                Stream.concat(Stream.of(engine), given.stream()).toList(),
                List.of("return " + engine.name() + ".submit(submission(" + (arguments.isEmpty() ? "" : Layout.BREAK)
                        + arguments + "));"));
        String submission = method(
                "A submission with this input, to which a key, a priority or a delay may be added before it is"
                        + " submitted.",
                submissionType + " submission",
                given,
                filled(inputs, byKey, names));
        return List.of(submit, submission);
    }

    private List<String> filled(List<InputModel> inputs, Map<String, Taken> byKey, Identifiers names) {
        String made = "return " + submissionType + ".of(" + literal(workflow.name()) + ")";
        if (inputs.isEmpty()) {
            return List.of(made + ";");
        }
        String map = names.unique("input", "s");
        String value = names.unique("value", "Given");
        List<String> lines = new ArrayList<>();
        lines.add(imports.name(Map.class) + "<" + imports.name(String.class) + ", " + imports.name(Object.class) + "> "
                + map + " = new " + imports.name(HashMap.class) + "<>();");
        for (InputModel input : inputs) {
            String name =
                    Optional.ofNullable(byKey.get(input.key())).map(Taken::name).orElse(map);
            String put = map + ".put(" + literal(input.key()) + ", ";
            lines.add(
                    input.isRequired()
                            ? put + name + ");"
                            : name + ".ifPresent(" + value + " -> " + put + value + "));");
        }
        lines.add(made + ".input(" + map + ");");
        return lines;
    }

    private String type(InputModel input) {
        return input.isRequired()
                ? imports.type(input.type())
                : imports.name(Optional.class) + "<" + imports.type(language.boxed(input.type())) + ">";
    }

    /** One method for each type that tasks take a signal as. */
    private List<String> signals() {
        List<String> written = new ArrayList<>();
        Set<String> known = new HashSet<>();
        workflow.tasks().stream()
                .flatMap(task -> task.parameters().stream())
                .filter(parameter -> parameter.kind() == Parameter.Kind.SIGNAL)
                .forEach(parameter -> {
                    String type = imports.type(language.boxed(parameter.type()));
                    if (known.add(parameter.key() + "\n" + type)) {
                        written.addAll(signal(parameter, type));
                    }
                });
        return written;
    }

    private List<String> signal(Parameter parameter, String type) {
        Identifiers names = new Identifiers("engine", "execution", "idempotencyKey");
        String name = methods.unique(Identifiers.camelCase(parameter.key(), "signal"), "Signal");
        Taken value = new Taken(names.unique(parameter.name(), "Value"), type);
        Taken key = new Taken("idempotencyKey", imports.name(String.class));
        List<Taken> taken =
                Stream.concat(ofExecution().stream(), Stream.of(value)).toList();
        String link = engineType + "#signal(" + imports.name(UUID.class) + ", " + imports.name(String.class) + ", "
                + imports.name(Object.class);
        String call = "engine.signal(execution, " + literal(parameter.key()) + ", " + value.name();
        return List.of(
                method(
                        "Sends an execution the signal " + code(parameter.key()) + ", as {@link " + link + ")} does.",
                        "void " + name,
                        taken,
                        List.of(call + ");")),
                method(
                        "Sends an execution the signal " + code(parameter.key()) + "; a second call with the same key"
                                + " does nothing.",
                        "void " + name,
                        Stream.concat(taken.stream(), Stream.of(key)).toList(),
                        List.of(call + ", idempotencyKey);")));
    }

    private List<Taken> ofExecution() {
        return List.of(new Taken("engine", engineType), new Taken("execution", imports.name(UUID.class)));
    }

    private List<String> results() {
        List<String> written = new ArrayList<>();
        for (TaskModel task : workflow.tasks()) {
            language.knownOutput(task, language.elements().getPackageOf(workflow.type()))
                    .ifPresent(output -> written.add(result(task, output)));
        }
        return written;
    }

    private String result(TaskModel task, TypeMirror output) {
        String name = methods.unique(
                "resultOf" + Identifiers.capitalized(Identifiers.camelCase(task.name(), "task")), "Task");
        return method(
                "The output of the task " + code(task.name()) + ", empty as long as it has not completed, and if it is"
                        + " null.",
                imports.name(Optional.class) + "<" + imports.type(output) + "> " + name,
                ofExecution(),
                List.of("return engine.context(execution).find(" + literal(task.name()) + ", " + imports.token(output)
                        + ");"));
    }

    private String method(String says, String head, List<Taken> taken, List<String> lines) {
        String parameters = taken.stream().map(Taken::toString).collect(Collectors.joining(Layout.COMMA));
        String signature = access + "static " + head + "(" + (taken.isEmpty() ? "" : Layout.BREAK) + parameters + ") {";
        return INDENT + "/** " + says + " */\n"
                + INDENT + Layout.wrapped(signature, INDENT) + "\n"
                + lines.stream()
                        .map(line -> SECOND + Layout.wrapped(line, SECOND) + "\n")
                        .collect(Collectors.joining())
                + INDENT + "}\n";
    }

    private String literal(String text) {
        return language.elements().getConstantExpression(text);
    }

    /** In a comment, which no name may end. */
    private static String code(String name) {
        return "{@code " + name.replaceAll("[{}@*\\\\]", "?") + "}";
    }
}
