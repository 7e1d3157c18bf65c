// SySMT's processing element with four threads: four multipliers of 5 by 5 bits serve one thread whole, two threads with one operand squeezed,
// or three and four with both squeezed. Policies S and S+A squeeze the activation of two (CHECK 0 and 1), S+W the weight (WEIGHT 1).
module sysmt4_pe #(
    parameter WEIGHT = 0,
    parameter CHECK  = 1
) (
    input  wire               clk,
    input  wire               valid,
    input  wire               first,
    input  wire        [31:0] x,        // {thread 3, …, thread 0}
    input  wire        [31:0] w,
    output reg         [31:0] x_out,
    output reg         [31:0] w_out,
    output reg  signed [31:0] sum
);
    wire [3:0]  active;
    wire [15:0] x_bits, w_bits;         // both operands squeezed, for three and four
    wire [3:0]  x_high, w_high;
    wire [19:0] narrow;                 // one operand squeezed, for two
    wire [35:0] wide;
    wire [3:0]  high;

    genvar t;
    generate
        for (t = 0; t < 4; t = t + 1) begin : threads
            assign active[t] = x[8*t+7:8*t] != 0 && w[8*t+7:8*t] != 0;
            sysmt_squeeze squeeze (.x(x[8*t+7:8*t]), .w(w[8*t+7:8*t]), .x_bits(x_bits[4*t+3:4*t]), .x_high(x_high[t]), .w_bits(w_bits[4*t+3:4*t]), .w_high(w_high[t]));
            sysmt_operands #(.WEIGHT(WEIGHT), .CHECK(CHECK), .WIDE(9)) operands (.x(x[8*t+7:8*t]), .w(w[8*t+7:8*t]), .narrow(narrow[5*t+4:5*t]), .wide(wide[9*t+8:9*t]), .high(high[t]));
        end
    endgenerate

    wire [2:0] count = {2'd0, active[0]} + {2'd0, active[1]} + {2'd0, active[2]} + {2'd0, active[3]};
    wire [1:0] lowest = active[0] ? 2'd0 : active[1] ? 2'd1 : active[2] ? 2'd2 : 2'd3;
    wire [1:0] highest = active[3] ? 2'd3 : active[2] ? 2'd2 : active[1] ? 2'd1 : 2'd0;

    // The wide operand in two halves: the upper five bits are signed, the lower four are not.
    wire [8:0] alone_x = {1'b0, x[8*lowest +: 8]};
    wire [8:0] alone_w = {w[8*lowest + 7], w[8*lowest +: 8]};
    wire [8:0] wide_l = wide[9*lowest +: 9];
    wire [8:0] wide_h = wide[9*highest +: 9];

    reg signed [4:0] a [0:3];
    reg signed [4:0] b [0:3];
    reg [3:0]        shift [0:3];
    reg signed [31:0] added;
    reg signed [9:0]  product;
    integer i;

    always @* begin
        for (i = 0; i < 4; i = i + 1) begin
            a[i] = {1'b0, x_bits[4*i +: 4]};
            b[i] = {w_bits[4*i + 3], w_bits[4*i +: 4]};
            shift[i] = (x_high[i] ? 4'd4 : 4'd0) + (w_high[i] ? 4'd4 : 4'd0);
        end
        if (count == 3'd1) begin
            for (i = 0; i < 4; i = i + 1) begin
                a[i] = i < 2 ? alone_x[8:4] : {1'b0, alone_x[3:0]};
                b[i] = i % 2 == 0 ? alone_w[8:4] : {1'b0, alone_w[3:0]};
                shift[i] = (i < 2 ? 4'd4 : 4'd0) + (i % 2 == 0 ? 4'd4 : 4'd0);
            end
        end
        if (count == 3'd2) begin
            for (i = 0; i < 4; i = i + 1) begin
                a[i] = i < 2 ? narrow[5*lowest +: 5] : narrow[5*highest +: 5];
                b[i] = i == 0 ? wide_l[8:4] : i == 1 ? {1'b0, wide_l[3:0]} : i == 2 ? wide_h[8:4] : {1'b0, wide_h[3:0]};
                shift[i] = ((i < 2 ? high[lowest] : high[highest]) ? 4'd4 : 4'd0) + (i % 2 == 0 ? 4'd4 : 4'd0);
            end
        end
        added = 32'sd0;
        for (i = 0; i < 4; i = i + 1) begin
            product = a[i] * b[i];
            added = added + ({{22{product[9]}}, product} <<< shift[i]);
        end
    end

    always @(posedge clk) begin
        x_out <= x;
        w_out <= w;
        if (valid) sum <= (first ? 32'sd0 : sum) + added;
    end
endmodule
