package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.cloacina.engine.Engine;
import io.cloacina.engine.WorkflowClient;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

/** A slice of the application: it has no engine, and no tasks run. */
@WebMvcTest(OrderController.class)
@MockitoBean(types = JdbcTemplate.class)
class OrderControllerTest {
    @Autowired
    private MockMvc http;

    @Autowired
    private ApplicationContext context;

    @MockitoBean
    private WorkflowClient workflows;

    @Test
    void who_orders_is_told_the_execution() throws Exception {
        UUID execution = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        when(workflows.submit("order", Map.of("number", 1))).thenReturn(execution);
        http.perform(post("/orders/1"))
                .andExpect(status().isOk())
                .andExpect(content().string("\"" + execution + "\""));
        assertThat(context.getBeanNamesForType(Engine.class)).isEmpty();
    }
}
