package io.cloacina.cli;

import io.cloacina.api.AlertKind;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Durations;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How values are written on the command line. */
final class Values {
    private static final String STDIN = "-";

    private Values() {}

    /** {@code 90s}, {@code 5m}, {@code 1h30m}, {@code 2d}, {@code 500ms}, or as ISO-8601 writes it. */
    static final class Spans implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.parseDelay(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text
                            + "' is not a duration of up to 100 years, such as 500ms, 90s, 5m, 1h30m or 2d"));
        }
    }

    /**
     * {@code 2026-03-01T17:05}, in the zone of this machine, or with Z or an offset from UTC; a date alone means its
     * midnight.
     */
    static final class Instants implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return find(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not a time, such as 2026-03-01, 2026-03-01T17:05 or 2026-03-01T16:05Z"));
        }

        private static Optional<Instant> find(String text) {
            return parsed(text, OffsetDateTime::parse)
                    .map(OffsetDateTime::toInstant)
                    .or(() -> parsed(text, LocalDateTime::parse)
                            .or(() -> parsed(text, LocalDate::parse).map(LocalDate::atStartOfDay))
                            .map(local -> local.atZone(ZoneId.systemDefault()).toInstant()));
        }

        private static <T> Optional<T> parsed(String text, Function<String, T> parser) {
            try {
                return Optional.of(parser.apply(text));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    /** The label of a state of executions, in any case. */
    static final class Statuses implements ITypeConverter<ExecutionStatus> {
        @Override
        public ExecutionStatus convert(String text) {
            return labeled(text, ExecutionStatus.values());
        }
    }

    /** The one with that label, in any case. */
    private static <E extends Labeled> E labeled(String label, E[] all) {
        return Arrays.stream(all)
                .filter(each -> each.label().equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + label + "' is not one of "
                        + Arrays.stream(all)
                                .map(each -> each.label().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** A label. */
    record Label(String name, String value) {}

    /** {@code customer=ada}: what follows the first equals sign is the value. */
    static final class Labels implements ITypeConverter<Label> {
        @Override
        public Label convert(String text) {
            String[] parts = text.split("=", 2);
            if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new TypeConversionException("'" + text + "' is not a label, such as customer=ada");
            }
            return new Label(parts[0], parts[1]);
        }
    }

    /** A task and perhaps its state. */
    record TaskState(String name, @Nullable TaskStatus status) {}

    /** {@code ship} or {@code ship:failed}; {@code a:b:} is the task {@code a:b} in any state. */
    static final class TaskStates implements ITypeConverter<TaskState> {
        @Override
        public TaskState convert(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 0) {
                return new TaskState(text, null);
            }
            String state = text.substring(colon + 1);
            try {
                return new TaskState(
                        text.substring(0, colon), state.isEmpty() ? null : labeled(state, TaskStatus.values()));
            } catch (TypeConversionException e) {
                throw new TypeConversionException(
                        e.getMessage() + "; if the name of the task has a colon, add one: '" + text + ":'");
            }
        }
    }

    /** A time of day today or, if that is still to come, yesterday; or how long ago; or a date and time. */
    static final class PastInstants implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            if (Durations.isShort(text)) {
                return Instant.now().minus(new Spans().convert(text));
            }
            try {
                ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
                ZonedDateTime today = now.with(LocalTime.parse(text));
                return (today.isAfter(now) ? today.minusDays(1) : today).toInstant();
            } catch (DateTimeException e) {
                return Instants.find(text)
                        .orElseThrow(() -> new TypeConversionException("'" + text
                                + "' is not a time, such as 2h (ago), 02:00, 2026-03-01 or 2026-03-01T17:05"));
            }
        }
    }

    /** What a schedule does about missed occurrences: {@code skip}, {@code once}, {@code all}. */
    static final class CatchUps implements ITypeConverter<CatchUpPolicy> {
        @Override
        public CatchUpPolicy convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "skip" -> CatchUpPolicy.SKIP;
                case "once" -> CatchUpPolicy.RUN_ONCE;
                case "all" -> CatchUpPolicy.RUN_ALL;
                default -> throw new TypeConversionException("'" + text + "' is not one of skip, once, all");
            };
        }
    }

    /** The secret in a file, or in stdin; {@code code} is that of the error. */
    static String secret(String code, String file) {
        try {
            byte[] bytes = file.equals(STDIN) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new CloacinaException(code, "the file of the secret " + file + " cannot be read: " + e, e);
        }
    }

    static final class AlertKinds implements ITypeConverter<AlertKind> {
        @Override
        public AlertKind convert(String text) {
            return labeled(text, AlertKind.values());
        }
    }

    static final class Signatures implements ITypeConverter<HookSignature> {
        @Override
        public HookSignature convert(String text) {
            return Arrays.stream(HookSignature.values())
                    .filter(each -> each.label().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(
                            () -> new TypeConversionException("'" + text + "' is not one of github, stripe, standard"));
        }
    }

    /** JSON as it was given: itself, {@code @FILE}, or {@code @-} for what comes from stdin. */
    static final class Texts implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!text.startsWith("@")) {
                return text;
            }
            String from = text.substring(1);
            try {
                return from.equals(STDIN)
                        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                        : Files.readString(Path.of(from));
            } catch (NoSuchFileException e) {
                throw new TypeConversionException("there is no file " + from);
            } catch (CharacterCodingException e) {
                throw new TypeConversionException(from + " is not UTF-8 text");
            } catch (IOException e) {
                throw new TypeConversionException((from.equals(STDIN) ? "stdin" : from) + " cannot be read: " + e);
            }
        }
    }
}
