// FPEC processing element with one adder for both compensations: additions wait in a queue and leave it one a cycle. Where the queue might not hold
// two more, the element takes no step. Products and sums are those of fpec_pe.
module fpec_queue_pe #(
    parameter XN     = 5,
    parameter WN     = 5,
    parameter CARRY  = 8,
    parameter DOUBLE = 0,
    parameter DEPTH  = 4        // places of the queue, 2 … 15
) (
    input  wire                            clk,
    input  wire                            reset,
    input  wire                            valid,
    input  wire                            first,
    input  wire                            advance,
    input  wire        [XN+2:0]            x,       // {error, code}: three and XN bits, signed
    input  wire        [WN+2:0]            w,
    output reg         [XN+2:0]            x_out,
    output reg         [WN+2:0]            w_out,
    output wire                            full,
    output wire                            busy,
    output reg  signed [XN+WN+CARRY-1:0]   products,
    output reg  signed [WN+CARRY:0]        errors_x,
    output reg  signed [XN+CARRY:0]        errors_w
);
    localparam VALUE = (XN > WN ? XN : WN) + 1;
    localparam ENTRY = VALUE + 2;                   // {to errors_w, negative, value}
    localparam SUM   = VALUE + CARRY;

    wire signed [XN-1:0] code_x = x[XN-1:0];
    wire signed [WN-1:0] code_w = w[WN-1:0];
    wire signed [2:0]    error_x = x[XN+2:XN];
    wire signed [2:0]    error_w = w[WN+2:WN];
    wire signed [XN+WN-1:0]  product = code_x * code_w;
    wire signed [VALUE-1:0]  wide_x = code_x;
    wire signed [VALUE-1:0]  wide_w = code_w;

    // Nothing waits for a code that is zero.
    wire adds_x = valid && error_x != 3'd0 && code_w != 0;
    wire adds_w = valid && error_w != 3'd0 && code_x != 0;
    wire [ENTRY-1:0] entry_x = {1'b0, error_x[2], DOUBLE != 0 && !error_x[0] ? wide_w <<< 1 : wide_w};
    wire [ENTRY-1:0] entry_w = {1'b1, error_w[2], DOUBLE != 0 && !error_w[0] ? wide_x <<< 1 : wide_x};

    reg [ENTRY*DEPTH-1:0] queue;                    // the head is lowest
    reg [3:0]             count;

    assign busy = count != 4'd0;
    assign full = count > DEPTH - 2;

    // One adder: the head's value goes to its accumulator.
    wire [ENTRY-1:0]         head = queue[ENTRY-1:0];
    wire                     to_w = head[ENTRY-1];
    wire                     minus = head[ENTRY-2];
    wire signed [VALUE-1:0]  value = head[VALUE-1:0];
    wire signed [SUM-1:0]    sum    = to_w ? {{(SUM-XN-CARRY-1){errors_w[XN+CARRY]}}, errors_w} : {{(SUM-WN-CARRY-1){errors_x[WN+CARRY]}}, errors_x};
    wire signed [SUM-1:0]    summed = sum + {{(SUM-VALUE){value[VALUE-1] ^ minus}}, value ^ {VALUE{minus}}} + {{(SUM-1){1'b0}}, minus};

    wire [3:0]               left = count - {3'd0, busy};
    wire [ENTRY*DEPTH-1:0]   moved = busy ? queue >> ENTRY : queue;
    wire [ENTRY*DEPTH-1:0]   with_x = adds_x ? moved | ({{(ENTRY*(DEPTH-1)){1'b0}}, entry_x} << (ENTRY * left)) : moved;
    wire [3:0]               left_x = left + {3'd0, adds_x};

    always @(posedge clk) begin
        if (advance) begin
            x_out <= x;
            w_out <= w;
        end
        if (valid) products <= (first ? {(XN+WN+CARRY){1'b0}} : products) + {{CARRY{product[XN+WN-1]}}, product};
        queue <= reset ? 0 : adds_w ? with_x | ({{(ENTRY*(DEPTH-1)){1'b0}}, entry_w} << (ENTRY * left_x)) : with_x;
        count <= reset ? 4'd0 : left_x + {3'd0, adds_w};
        // The queue is empty when a dot product begins.
        if (valid && first) begin
            errors_x <= 0;
            errors_w <= 0;
        end else if (busy) begin
            if (to_w) errors_w <= summed[XN+CARRY:0];
            else errors_x <= summed[WN+CARRY:0];
        end
    end
endmodule
