package io.cloacina.processor;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;

/** Reads what a task method takes. */
final class ParameterReader {
    private static final Map<Class<?>, Parameter.Kind> KINDS = Map.of(
            From.class, Parameter.Kind.FROM,
            ForEach.class, Parameter.Kind.FOR_EACH,
            Input.class, Parameter.Kind.INPUT,
            Signal.class, Parameter.Kind.SIGNAL);

    /** What the compiler of Kotlin adds to the parameters of a suspend function. */
    private static final String CONTINUATION = "kotlin.coroutines.Continuation";

    private final Language language;
    private final Reporter reporter;
    private final Settings settings;
    private final JsonTypes json;
    private final Set<String> inputs;

    /** @param inputs the keys of the input that are not the name of a task */
    ParameterReader(Language language, Reporter reporter, Settings settings, JsonTypes json, Set<String> inputs) {
        this.inputs = inputs;
        this.language = language;
        this.reporter = reporter;
        this.settings = settings;
        this.json = json;
    }

    /** What it takes; nothing if that is not clear. */
    Optional<Parameter> read(VariableElement element, TypeMirror is) {
        Place place = Place.of(element);
        if (language.isNamed(is, CONTINUATION)) {
            Element method = Objects.requireNonNull(element.getEnclosingElement());
            reporter.report(Message.SUSPENDED, Place.of(method), method.getSimpleName());
            return Optional.empty();
        }
        boolean context = language.isA(is, TaskContext.class);
        List<Class<?>> found = KINDS.keySet().stream()
                .filter(kind -> Mirror.has(element, kind))
                .sorted((one, other) -> one.getSimpleName().compareTo(other.getSimpleName()))
                .collect(Collectors.toCollection(ArrayList::new));
        if (found.isEmpty() && !context) {
            reporter.report(Message.PARAMETER_UNCLEAR, place, element.getSimpleName());
            return Optional.empty();
        }
        if (found.size() + (context ? 1 : 0) > 1) {
            String all = found.stream().map(kind -> "@" + kind.getSimpleName()).collect(Collectors.joining(" and "));
            reporter.report(
                    Message.PARAMETER_AMBIGUOUS,
                    place,
                    element.getSimpleName(),
                    context ? all + " and the type TaskContext" : all);
            return Optional.empty();
        }
        if (context) {
            return Optional.of(new Parameter(element, Parameter.Kind.CONTEXT, "", is, false, place));
        }
        return Mirror.of(element, found.get(0)).map(mirror -> annotated(element, is, found.get(0), mirror));
    }

    private Parameter annotated(VariableElement element, TypeMirror is, Class<?> annotation, Mirror mirror) {
        String key = key(element, mirror);
        Parameter.Kind said = KINDS.getOrDefault(annotation, Parameter.Kind.INPUT);
        Parameter.Kind kind =
                said == Parameter.Kind.FOR_EACH && inputs.contains(key) ? Parameter.Kind.FOR_EACH_OF_INPUT : said;
        Optional<TypeMirror> inOptional = said == Parameter.Kind.FOR_EACH ? Optional.empty() : language.inOptional(is);
        TypeMirror type = inOptional.orElse(is);
        Place place = Place.of(element);
        json.problem(type)
                .ifPresent(problem -> reporter.report(
                        Message.CANNOT_BE_JSON,
                        place,
                        "parameter '" + element.getSimpleName() + "'",
                        Imports.shown(is),
                        problem));
        settings.visible(type, place);
        if (kind == Parameter.Kind.INPUT || kind == Parameter.Kind.SIGNAL) {
            String what = kind == Parameter.Kind.INPUT ? "the input key" : "the signal";
            settings.name(what, key, Spelling.MAX_LENGTH, mirror.place("value"));
        }
        return new Parameter(
                element, kind, key, type, inOptional.isPresent(), mirror.says("value") ? mirror.place("value") : place);
    }

    /** What a parameter names. */
    static String key(VariableElement element, Mirror mirror) {
        return mirror.says("value")
                ? mirror.text("value")
                : element.getSimpleName().toString();
    }

    /** The calls that say what the task waits for and how it fans out. */
    List<String> options(List<Parameter> parameters) {
        List<String> options = new ArrayList<>();
        for (Parameter parameter : parameters) {
            if (parameter.kind() == Parameter.Kind.SIGNAL) {
                Mirror.of(parameter.element(), Signal.class).ifPresent(mirror -> addSignal(parameter, mirror, options));
            }
            if (parameter.isElement()) {
                Mirror.of(parameter.element(), ForEach.class)
                        .ifPresent(mirror -> addForEach(parameter, mirror, options));
            }
        }
        return options;
    }

    private void addSignal(Parameter parameter, Mirror mirror, List<String> options) {
        options.add(".signal(" + settings.quoted(parameter.key()) + ")");
        if (mirror.says("within")) {
            String call = parameter.isOptional() ? ".withinOrWithout(" : ".within(";
            options.add(call + settings.duration(mirror, "within").orElse("") + ")");
        } else if (parameter.isOptional()) {
            reporter.report(Message.SIGNAL_NEVER_EMPTY, mirror.place(), parameter.name());
        }
    }

    private void addForEach(Parameter parameter, Mirror mirror, List<String> options) {
        options.add(".forEach(" + settings.quoted(parameter.key()) + ")");
        if (mirror.says("atOnce")) {
            settings.number(mirror, "atOnce", 1, Integer.MAX_VALUE);
            options.add(".atOnce(" + mirror.number("atOnce") + ")");
        }
        if (mirror.flag("collect")) {
            options.add(".collect()");
        }
    }
}
