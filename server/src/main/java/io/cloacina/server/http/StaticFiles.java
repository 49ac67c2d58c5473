package io.cloacina.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files that pages load: style sheets, scripts, icons. The URL of a file contains its hash, so a browser can cache
 * it forever, and still loads a changed file at once.
 */
public final class StaticFiles {
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon");

    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final Map<String, String> paths = new LinkedHashMap<>();

    /** Reads these files from the folder {@code static} beside {@code CloacinaServlet}. */
    public StaticFiles(List<String> names) {
        for (String name : names) {
            byte[] content = content(name);
            String hash = hash(content);
            String path = "/static/" + hash + "/" + name;
            paths.put(name, path);
            answers.put(
                    path,
                    new Answer(
                            200,
                            Map.of(
                                    "Content-Type",
                                    Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1))),
                                    "Cache-Control",
                                    "public, max-age=31536000, immutable",
                                    "ETag",
                                    "\"" + hash + "\""),
                            content));
        }
    }

    /** The path of a file, for {@link Call#url}. */
    public String path(String name) {
        return Objects.requireNonNull(paths.get(name), name);
    }

    /** The routes to all files, for every caller. */
    public List<Route> routes() {
        return List.of(new Route(Method.GET, "/static/{hash}/{name}", null, this::answer));
    }

    private Answer answer(Call call) {
        Answer answer = answers.get("/static/" + call.part("hash") + "/" + call.part("name"));
        if (answer == null) {
            throw new RequestException("UNKNOWN_PATH", 404, "there is no such file; reload the page that named it");
        }
        return Objects.equals(answer.headers().get("ETag"), call.header("If-None-Match"))
                ? new Answer(304, answer.headers(), new byte[0])
                : answer;
    }

    private static byte[] content(String name) {
        try (InputStream in = StaticFiles.class.getResourceAsStream("/io/cloacina/server/static/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
