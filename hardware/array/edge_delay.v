// Delays an operand at the array's edge by a number of beats, none included.
module edge_delay #(
    parameter WIDTH = 8,
    parameter BEATS = 0
) (
    input  wire             clk,
    input  wire             advance,
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);
    generate
        if (BEATS == 0) begin : through
            assign out = in;
        end else begin : line
            reg [BEATS*WIDTH-1:0] waiting;
            assign out = waiting[BEATS*WIDTH-1 -: WIDTH];
            if (BEATS == 1) begin : one
                always @(posedge clk) if (advance) waiting <= in;
            end else begin : several
                always @(posedge clk) if (advance) waiting <= {waiting[(BEATS-1)*WIDTH-1:0], in};
            end
        end
    endgenerate
endmodule
