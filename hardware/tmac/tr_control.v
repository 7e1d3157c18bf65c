// Control registers of Term Revealing, and the counters that all elements of an array share. One write switches a layer between term-revealed and
// conventional quantization: {DATA_TERMS[3:0], GROUP_BUDGET[6:0], GROUP_SIZE[4:0] less one, QUANT_BITWIDTH[3:0], COMPARATOR_ON, HESE_ENCODER_ON}.
module tr_control (
    input  wire        clk,
    input  wire        write,
    input  wire [21:0] value,
    input  wire        run,             // a beat goes on
    output reg         hese,
    output reg         comparator,
    output reg  [3:0]  bits,
    output reg  [4:0]  group_less_one,
    output reg  [6:0]  budget,
    output reg  [3:0]  terms,
    output reg  [6:0]  w_slot,
    output reg  [3:0]  x_term,
    output wire        begins,
    output wire        advance
);
    assign begins  = w_slot == 7'd0 && x_term == 4'd0;
    assign advance = w_slot == budget - 7'd1 && x_term == terms - 4'd1;

    always @(posedge clk) begin
        if (write) begin
            {terms, budget, group_less_one, bits, comparator, hese} <= value;
            w_slot <= 7'd0;
            x_term <= 4'd0;
        end else if (run) begin
            x_term <= x_term == terms - 4'd1 ? 4'd0 : x_term + 4'd1;
            if (x_term == terms - 4'd1) w_slot <= advance ? 7'd0 : w_slot + 7'd1;
        end
    end
endmodule
