// Conventional processing element of an output-stationary array: unsigned 8-bit activation, signed 8-bit weight, 32-bit sum.
// Operands go on to the right and down after one cycle.
module mac8_pe (
    input  wire               clk,
    input  wire               valid,   // the operands are to be multiplied
    input  wire               first,   // they are the first of a dot product
    input  wire        [7:0]  x,
    input  wire        [7:0]  w,
    output reg         [7:0]  x_out,
    output reg         [7:0]  w_out,
    output reg  signed [31:0] sum
);
    wire signed [16:0] product = $signed({1'b0, x}) * $signed(w);

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + {{15{product[16]}}, product};
    end
endmodule
