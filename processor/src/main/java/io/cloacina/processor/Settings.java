package io.cloacina.processor;

import io.cloacina.api.Durations;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.annotation.AtMost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/** Reads durations, numbers, limits and retry policies, and writes them as Java expressions. */
final class Settings {
    private final Language language;
    private final Reporter reporter;
    private final Imports imports;
    private final PackageElement from;

    Settings(Language language, Reporter reporter, Imports imports, PackageElement from) {
        this.language = language;
        this.reporter = reporter;
        this.imports = imports;
        this.from = from;
    }

    String quoted(String text) {
        return language.elements().getConstantExpression(text);
    }

    /** A duration of more than zero, as an expression. */
    Optional<String> duration(Mirror mirror, String key) {
        return duration(mirror, key, false);
    }

    private Optional<String> duration(Mirror mirror, String key, boolean mayBeZero) {
        Optional<Duration> parsed = Durations.parse(mirror.text(key))
                .filter(duration -> !duration.isNegative() && (mayBeZero || !duration.isZero()));
        if (parsed.isEmpty()) {
            String bound = mayBeZero ? "zero or more" : "more than zero";
            reporter.report(Message.BAD_DURATION, mirror.place(key), key, mirror.shown(key), bound);
        }
        return parsed.map(this::expression);
    }

    private String expression(Duration duration) {
        return imports.name(Duration.class) + ".parse(\"" + duration + "\")";
    }

    void number(Mirror mirror, String key, int least, int most) {
        int given = mirror.number(key);
        if (given < least || given > most) {
            String allowed = most == Integer.MAX_VALUE ? "at least " + least : "from " + least + " to " + most;
            reporter.report(Message.BAD_NUMBER, mirror.place(key), key, allowed, given);
        }
    }

    /** A name as it may be, as a literal. */
    String name(String what, String name, int longest, Place place) {
        Spelling.problem(name, longest)
                .ifPresent(problem -> reporter.report(Message.BAD_NAME, place, what + " " + quoted(name), problem));
        return quoted(name);
    }

    List<String> limits(Element element) {
        return Mirror.all(element, AtMost.class, AtMost.All.class).stream()
                .map(this::limit)
                .toList();
    }

    private String limit(Mirror mirror) {
        number(mirror, "value", 1, Integer.MAX_VALUE);
        int most = mirror.number("value");
        String limit = imports.name(Limit.class);
        String bound = mirror.says("every")
                ? limit + ".starts(" + most + ", " + duration(mirror, "every").orElse("") + ")"
                : limit + ".atMost(" + most + ")";
        String per = mirror.says("per")
                ? ".per("
                        + name("the key of the limit", mirror.text("per"), Spelling.MAX_LENGTH, mirror.place("per"))
                        + ")"
                : "";
        return ".limit(" + bound + per + ")";
    }

    /** The call that says a retry policy, if there is more than one attempt. */
    Optional<String> retry(Mirror mirror) {
        number(mirror, "maxAttempts", 1, Integer.MAX_VALUE);
        int attempts = mirror.number("maxAttempts");
        if (attempts == 1) {
            Stream.of("delay", "backoff", "maxDelay", "jitter", "on", "when")
                    .filter(mirror::says)
                    .forEach(key -> reporter.report(Message.RETRY_WITHOUT_ATTEMPTS, mirror.place(key), key));
        }
        List<String> policy = new ArrayList<>();
        String factory = switch (mirror.constant("backoff")) {
            case "FIXED" -> "fixed";
            case "LINEAR" -> "linear";
            default -> "exponential";
        };
        String delay = mirror.says("delay")
                ? duration(mirror, "delay", true).orElse("")
                : imports.name(Duration.class) + ".ZERO";
        policy.add(imports.name(RetryPolicy.class) + "." + factory + "(" + attempts + ", " + delay + ")");
        if (mirror.says("maxDelay")) {
            policy.add(".maxDelay(" + duration(mirror, "maxDelay").orElse("") + ")");
        }
        if (mirror.says("jitter")) {
            policy.add(".jitter(" + jitter(mirror) + ")");
        }
        List<String> errors = mirror.list("on").stream()
                .map(value -> (TypeMirror) value.getValue())
                .map(type -> visible(type, mirror.place("on")) + ".class")
                .toList();
        if (!errors.isEmpty()) {
            policy.add(errors.stream().collect(Collectors.joining(", ", ".retryOn(", ")")));
        }
        if (mirror.says("when")) {
            policy.add(".retryIf(new " + retryCondition(mirror) + "())");
        }
        return attempts > 1 ? Optional.of(".retry(" + String.join(Layout.BREAK, policy) + ")") : Optional.empty();
    }

    private double jitter(Mirror mirror) {
        double given = mirror.fraction("jitter");
        if (!(given >= 0 && given <= 1)) {
            reporter.report(Message.BAD_NUMBER, mirror.place("jitter"), "jitter", "from 0 to 1", given);
        }
        return given;
    }

    private String retryCondition(Mirror mirror) {
        TypeMirror type = (TypeMirror) mirror.raw("when").getValue();
        TypeElement element = (TypeElement) ((DeclaredType) type).asElement();
        Optional<String> problem = element.getKind() == ElementKind.INTERFACE
                        || element.getModifiers().contains(Modifier.ABSTRACT)
                ? Optional.of("is abstract")
                : language.isInner(element)
                        ? Optional.of("is an inner class")
                        : language.constructor(element)
                                        .filter(constructor -> language.isVisible(constructor, from))
                                        .isPresent()
                                ? Optional.empty()
                                : Optional.of("has no visible constructor without parameters");
        problem.ifPresent(reason ->
                reporter.report(Message.RETRY_CONDITION, mirror.place("when"), element.getSimpleName(), reason));
        return imports.name(element);
    }

    /** The type as it is written, or an error if the definition could not write it. */
    String visible(TypeMirror type, Place place) {
        language.invisible(type, from)
                .ifPresent(hidden -> reporter.report(
                        Message.NOT_VISIBLE,
                        place,
                        hidden.getSimpleName(),
                        from.isUnnamed() ? "(unnamed)" : from.getQualifiedName()));
        return imports.type(type);
    }
}
