// SySMT's processing element with two threads: two multipliers of 5 by 8 bits (5 by 9 where operands may be swapped) serve one thread whole,
// or each of two threads with one operand squeezed to four bits. No thread waits.
module sysmt2_pe #(
    parameter WEIGHT = 0,       // 1: weights are squeezed, not activations
    parameter CHECK  = 1,       // an operand keeps its bits: 0 never, 1 when it is narrow, 2 when either is
    parameter IDLE   = 1        // 1: a thread with a zero operand leaves the multipliers to the other
) (
    input  wire               clk,
    input  wire               valid,
    input  wire               first,
    input  wire        [15:0] x,        // {thread 1, thread 0}
    input  wire        [15:0] w,
    output reg         [15:0] x_out,
    output reg         [15:0] w_out,
    output reg  signed [31:0] sum
);
    // The wide port is signed and takes an unsigned activation only where operands are swapped.
    localparam WIDE = WEIGHT != 0 || CHECK == 2 ? 9 : 8;

    wire active0 = x[7:0] != 0 && w[7:0] != 0;
    wire active1 = x[15:8] != 0 && w[15:8] != 0;
    wire collided = IDLE == 0 || (active0 && active1);
    wire [7:0] alone_x = active1 ? x[15:8] : x[7:0];
    wire [7:0] alone_w = active1 ? w[15:8] : w[7:0];

    wire signed [4:0]      narrow0, narrow1;
    wire signed [WIDE-1:0] wide0, wide1;
    wire                   high0, high1;

    sysmt_operands #(.WEIGHT(WEIGHT), .CHECK(CHECK), .WIDE(WIDE)) thread0 (.x(x[7:0]), .w(w[7:0]), .narrow(narrow0), .wide(wide0), .high(high0));
    sysmt_operands #(.WEIGHT(WEIGHT), .CHECK(CHECK), .WIDE(WIDE)) thread1 (.x(x[15:8]), .w(w[15:8]), .narrow(narrow1), .wide(wide1), .high(high1));

    wire signed [WIDE-1:0] alone_wide = {{(WIDE-8){alone_w[7]}}, alone_w};
    wire signed [4:0]      a0 = collided ? narrow0 : {1'b0, alone_x[7:4]};
    wire signed [4:0]      a1 = collided ? narrow1 : {1'b0, alone_x[3:0]};
    wire signed [WIDE-1:0] b0 = collided ? wide0 : alone_wide;
    wire signed [WIDE-1:0] b1 = collided ? wide1 : alone_wide;
    wire                   shift0 = collided ? high0 : 1'b1;
    wire                   shift1 = collided ? high1 : 1'b0;
    wire signed [13:0]     product0 = a0 * b0;
    wire signed [13:0]     product1 = a1 * b1;
    wire signed [17:0]     part0 = shift0 ? {product0, 4'd0} : {{4{product0[13]}}, product0};
    wire signed [17:0]     part1 = shift1 ? {product1, 4'd0} : {{4{product1[13]}}, product1};
    wire signed [18:0]     both = part0 + part1;

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + {{13{both[18]}}, both};
    end
endmodule
