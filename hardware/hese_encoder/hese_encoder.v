// Serial HESE encoder: one bit of a magnitude a cycle, the most significant first, one bit of state and one bit of look-ahead. A term is a signed
// power of two; the fewest possible come out, the largest first. With hese low the ones of the magnitude come out as they are.
module hese_encoder #(
    parameter BITS = 8
) (
    input  wire            clk,
    input  wire            start,       // takes the magnitude; terms follow from the next cycle on
    input  wire            hese,        // HESE_ENCODER_ON
    input  wire [BITS-1:0] magnitude,
    output reg             busy,        // BITS + 1 cycles with HESE, BITS without
    output wire            term,        // a term comes out in this cycle
    output wire            negative,
    output wire [3:0]      exponent
);
    reg [BITS-1:0] bits;
    reg [3:0]      place;               // one above the current bit's exponent
    reg            run;                 // inside a run of ones

    wire current = bits[BITS-1];
    wire next    = bits[BITS-2];

    assign term     = busy && (hese ? run ^ current : current);
    assign negative = hese && run;
    assign exponent = hese && current == next ? place : place - 4'd1;

    always @(posedge clk) begin
        if (start) begin
            bits <= magnitude;
            place <= BITS[3:0];
            run <= 1'b0;
            busy <= 1'b1;
        end else if (busy) begin
            bits <= bits << 1;
            place <= place - 4'd1;
            run <= (run & current) | (run & next) | (current & next);
            // A run that reaches bit 0 ends one step below it.
            busy <= place != (hese ? 4'd0 : 4'd1);
        end
    end
endmodule
