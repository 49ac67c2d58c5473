package io.cloacina.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a server answers that knows nobody. */
class GuardTest {
    /** As a container shows it that believes a proxy: the header is gone, and its address is that of the caller. */
    private static HttpServletRequest request(String from, String to) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                GuardTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getHeader" -> "Host".equals(arguments[0]) ? "localhost" : null;
                        case "getRemoteAddr" -> from;
                        case "getLocalAddr" -> to;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1,true", "::1,[::1],true", "127.0.0.1,192.0.2.2,false", "192.0.2.3,127.0.0.1,false"})
    void the_connection_is_one_of_this_machine_whatever_a_proxy_said(String from, String to, boolean isHere) {
        Guard guard = new Guard(List.of(), null, Set.of(), System::nanoTime);
        assertThat(guard.isHere(request(from, to))).isEqualTo(isHere);
    }
}
