// Fixed-point multiply-accumulate of N by N signed bits: the baseline of FPEC.
module fxp_pe #(
    parameter N   = 8,
    parameter SUM = 2 * N + 8
) (
    input  wire                   clk,
    input  wire                   valid,
    input  wire                   first,
    input  wire signed [N-1:0]    x,
    input  wire signed [N-1:0]    w,
    output reg         [N-1:0]    x_out,
    output reg         [N-1:0]    w_out,
    output reg  signed [SUM-1:0]  sum
);
    wire signed [2*N-1:0] product = x * w;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? {SUM{1'b0}} : sum) + {{(SUM-2*N){product[2*N-1]}}, product};
    end
endmodule
