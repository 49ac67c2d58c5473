package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.cloacina.engine.Engine;
import io.cloacina.engine.WorkflowClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

/** A slice of the application: it has no engine, and no tasks run. */
@WebMvcTest(OrderController.class)
@MockitoBean(types = WorkflowClient.class)
class OrderControllerTest {
    @Autowired
    private MockMvc http;

    @Autowired
    private ApplicationContext context;

    @MockitoBean
    private PurchaseOrders orders;

    @Test
    void an_order_is_shown() throws Exception {
        Mockito.when(orders.findById(1L)).thenReturn(Optional.of(new PurchaseOrder(1, 4_900)));
        http.perform(get("/orders/1"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("PLACED"));
        assertThat(context.getBeanNamesForType(Engine.class)).isEmpty();
    }
}
