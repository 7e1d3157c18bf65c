// Two conventional multiply-accumulates a cycle into one sum: what SPARQ's element takes the place of.
module mac8_pair_pe (
    input  wire               clk,
    input  wire               valid,
    input  wire               first,
    input  wire        [15:0] x,
    input  wire        [15:0] w,
    output reg         [15:0] x_out,
    output reg         [15:0] w_out,
    output reg  signed [31:0] sum
);
    wire signed [16:0] product0 = $signed({1'b0, x[7:0]}) * $signed(w[7:0]);
    wire signed [16:0] product1 = $signed({1'b0, x[15:8]}) * $signed(w[15:8]);
    wire signed [17:0] both = product0 + product1;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + {{14{both[17]}}, both};
    end
endmodule
