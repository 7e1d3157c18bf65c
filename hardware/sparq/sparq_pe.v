// SPARQ's processing element: two multiply-accumulates a cycle on multipliers of N by 8 bits, a shifter behind and a weight selector before each.
module sparq_pe #(
    parameter N      = 4,
    parameter STEP   = 1,
    parameter SHIFTS = 5        // number of permitted shifts
) (
    input  wire                 clk,
    input  wire                 valid,
    input  wire                 first,
    input  wire [2*N+7:0]       x,      // {select, shift_b, operand_b, shift_a, operand_a}
    input  wire [15:0]          w,      // {weight of the second, weight of the first}
    output reg  [2*N+7:0]       x_out,
    output reg  [15:0]          w_out,
    output reg  signed [31:0]   sum
);
    wire [N-1:0] operand_a = x[N-1:0];
    wire [2:0]   shift_a   = x[N+2:N];
    wire [N-1:0] operand_b = x[2*N+2:N+3];
    wire [2:0]   shift_b   = x[2*N+5:2*N+3];
    wire [1:0]   select    = x[2*N+7:2*N+6];

    wire signed [7:0] weight_a = select == 2'd2 ? w[15:8] : w[7:0];
    wire signed [7:0] weight_b = select == 2'd1 ? w[7:0] : w[15:8];
    wire signed [N+8:0] product_a = $signed({1'b0, operand_a}) * weight_a;
    wire signed [N+8:0] product_b = $signed({1'b0, operand_b}) * weight_b;

    // As many ways as there are permitted shifts, and no more.
    function signed [16:0] shifted;
        input signed [N+8:0] product;
        input [2:0] index;
        integer i;
        begin
            shifted = {{(8-N){product[N+8]}}, product};
            for (i = 1; i < SHIFTS; i = i + 1)
                if (index == i[2:0]) shifted = {{(8-N){product[N+8]}}, product} <<< (i * STEP);
        end
    endfunction

    wire signed [16:0] part_a = shifted(product_a, shift_a);
    wire signed [16:0] part_b = shifted(product_b, shift_b);
    wire signed [17:0] both = part_a + part_b;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + {{14{both[17]}}, both};
    end
endmodule
