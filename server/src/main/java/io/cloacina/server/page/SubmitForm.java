package io.cloacina.server.page;

import io.cloacina.api.Durations;
import io.cloacina.engine.model.Submission;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import java.time.Duration;
import java.util.Optional;

/** The options of the form that submits an execution; an empty field means the default. */
final class SubmitForm {
    private SubmitForm() {}

    /** The submission with the options that were given. */
    static Submission options(Call call, Submission given) {
        Submission submission = given;
        submission = call.form("key").map(submission::idempotencyKey).orElse(submission);
        submission = text(call, "priority")
                .map(SubmitForm::number)
                .map(submission::priority)
                .orElse(submission);
        submission = span(call, "delay").map(submission::delay).orElse(submission);
        submission = span(call, "deadline").map(submission::deadline).orElse(submission);
        for (String line : call.form("labels").orElse("").lines().toList()) {
            submission = line.isBlank() ? submission : labelled(submission, line);
        }
        return submission;
    }

    private static Submission labelled(Submission submission, String line) {
        String[] both = line.split("=", 2);
        if (both.length < 2) {
            throw refused("each line of labels must be a name and a value, such as customer=ada");
        }
        return submission.label(both[0].strip(), both[1].strip());
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw refused("the priority must be a whole number");
        }
    }

    private static Optional<Duration> span(Call call, String field) {
        return text(call, field)
                .map(text -> Durations.parseDelay(text)
                        .orElseThrow(() -> refused(
                                "the " + field + " must be a duration of up to 100 years, such as 30s, 15m or 2d")));
    }

    private static Optional<String> text(Call call, String field) {
        return call.form(field).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static RequestException refused(String message) {
        return new RequestException("MALFORMED_REQUEST", 400, message);
    }
}
