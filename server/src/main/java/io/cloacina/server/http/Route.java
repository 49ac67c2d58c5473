package io.cloacina.server.http;

import io.cloacina.server.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * What answers one method of one path.
 *
 * @param template such as {@code /executions/{id}/tasks}: a part in braces fits any one part of a path
 * @param role what a caller needs; null if everybody may call it, known or not
 */
public record Route(
        Method method, String template, @Nullable Role role, Handler handler) {
    /** Reads; for callers who may see. */
    public static Route get(String template, Handler handler) {
        return new Route(Method.GET, template, Role.READ, handler);
    }

    /** Changes; for callers of that role. */
    public static Route post(String template, Role role, Handler handler) {
        return new Route(Method.POST, template, role, handler);
    }
}
