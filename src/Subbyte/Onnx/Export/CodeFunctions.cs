using Subbyte.Networks;
using static Subbyte.Onnx.Export.OnnxFunction;

namespace Subbyte.Onnx.Export;

/// <summary>The model-local functions that lowered layers are written with; codes are float32 tensors of integers.</summary>
public static class CodeFunctions
{
    private static readonly AttributeValue Float = 1L;
    private static readonly AttributeValue Int32 = 6L;
    private static readonly AttributeValue Int64 = 7L;

    /// <summary>code = clip(round_half_even(x / scale) + zeroPoint, lowest, highest).</summary>
    public static OnnxFunction EncodeHalfEven { get; } = new(
        "EncodeHalfEven", ["x", "scale", "zeroPoint", "lowest", "highest"], "codes",
        [
            Step("quotient", "Div", "x", "scale"),
            Step("rounded", "Round", "quotient"),
            Step("shifted", "Add", "rounded", "zeroPoint"),
            Step("codes", "Clip", "shifted", "lowest", "highest"),
        ]);

    /// <summary>code = clip(sign(x)·(⌊|x|/scale⌋ + [fraction ≥ ½]) + zeroPoint, lowest, highest): ties away from zero.</summary>
    public static OnnxFunction EncodeHalfAway { get; } = new(
        "EncodeHalfAway", ["x", "scale", "zeroPoint", "lowest", "highest", "half"], "codes",
        [
            Step("magnitude", "Abs", "x"),
            Step("quotient", "Div", "magnitude", "scale"),
            Step("whole", "Floor", "quotient"),
            Step("fraction", "Sub", "quotient", "whole"),
            Step("below", "Less", "fraction", "half"),
            Step("reaches", "Not", "below"),
            Step("carry", "Cast", ["reaches"], ("to", Float)),
            Step("rounded", "Add", "whole", "carry"),
            Step("sign", "Sign", "x"),
            Step("signed", "Mul", "rounded", "sign"),
            Step("shifted", "Add", "signed", "zeroPoint"),
            Step("codes", "Clip", "shifted", "lowest", "highest"),
        ]);

    /// <summary>code = table[code − lowest].</summary>
    public static OnnxFunction LookUp { get; } = new(
        "LookUp", ["codes", "lowest", "table"], "mapped",
        [
            Step("offset", "Sub", "codes", "lowest"),
            Step("index", "Cast", ["offset"], ("to", Int64)),
            Step("mapped", "Gather", ["table", "index"], ("axis", 0L)),
        ]);

    /// <summary>
    /// Each code becomes survivor[code] when its partner is zero, else trim[code]; partners are found by reordering runs of
    /// consecutive channels.
    /// </summary>
    public static OnnxFunction TrimPairs { get; } = new(
        "TrimPairs", ["codes", "runs", "partners", "trim", "survivor", "zero"], "mapped",
        [
            Step("grouped", "Reshape", "codes", "runs"),
            Step("reordered", "Gather", ["grouped", "partners"], ("axis", 2L)),
            Step("shape", "Shape", "codes"),
            Step("partner", "Reshape", "reordered", "shape"),
            Step("alone", "Equal", "partner", "zero"),
            Step("index", "Cast", ["codes"], ("to", Int64)),
            Step("trimmed", "Gather", ["trim", "index"], ("axis", 0L)),
            Step("whole", "Gather", ["survivor", "index"], ("axis", 0L)),
            Step("mapped", "Where", "alone", "whole", "trimmed"),
        ]);

    /// <summary>A level for each value: level[number of thresholds that |x|/scale reaches], with the sign of x.</summary>
    public static OnnxFunction EncodeThresholds { get; } = new(
        "EncodeThresholds", ["x", "scale", "thresholds", "levels", "last", "lowest"], "codes",
        [
            Step("quotient", "Div", "x", "scale"),
            Step("magnitude", "Abs", "quotient"),
            Step("column", "Unsqueeze", "magnitude", "last"),
            Step("below", "Less", "column", "thresholds"),
            Step("reached", "Not", "below"),
            Step("counted", "Cast", ["reached"], ("to", Float)),
            Step("sum", "ReduceSum", ["counted", "last"], ("keepdims", 0L)),
            Step("index", "Cast", ["sum"], ("to", Int64)),
            Step("level", "Gather", ["levels", "index"], ("axis", 0L)),
            Step("sign", "Sign", "x"),
            Step("signed", "Mul", "level", "sign"),
            Step("codes", "Max", "signed", "lowest"),
        ]);

    /// <summary>
    /// Compensated words: code = clip(round_half_away(x / scale), lowest, highest) and an error code of the sign of what was rounded off, one or
    /// two units, or none; together code·spacing + error.
    /// </summary>
    public static OnnxFunction EncodeCompensated { get; } = new(
        "EncodeCompensated",
        ["x", "scale", "lowest", "highest", "saturatedBelow", "saturatedAbove", "half", "zero", "one", "zeroBelow", "zeroCodeBelow", "doubleFrom", "spacing"],
        "codes",
        [
            Step("quotient", "Div", "x", "scale"),
            Step("bounded", "Clip", "quotient", "saturatedBelow", "saturatedAbove"),
            Step("magnitude", "Abs", "bounded"),
            Step("whole", "Floor", "magnitude"),
            Step("fraction", "Sub", "magnitude", "whole"),
            Step("below", "Less", "fraction", "half"),
            Step("reaches", "Not", "below"),
            Step("carry", "Cast", ["reaches"], ("to", Float)),
            Step("rounded", "Add", "whole", "carry"),
            Step("sign", "Sign", "bounded"),
            Step("signed", "Mul", "rounded", "sign"),
            Step("code", "Clip", "signed", "lowest", "highest"),
            Step("error", "Sub", "bounded", "code"),
            Step("size", "Abs", "error"),
            Step("isSingle", "Less", "size", "doubleFrom"),
            Step("isDouble", "Not", "isSingle"),
            Step("second", "Cast", ["isDouble"], ("to", Float)),
            Step("length", "Add", "second", "one"),
            Step("opposite", "Neg", "length"),
            Step("isNegative", "Less", "error", "zero"),
            Step("directed", "Where", "isNegative", "opposite", "length"),
            Step("isSmall", "Less", "size", "zeroBelow"),
            Step("isZero", "Equal", "code", "zero"),
            Step("hasZeroCode", "Less", "error", "zeroCodeBelow"),
            Step("isFree", "And", "isZero", "hasZeroCode"),
            Step("isNone", "Or", "isSmall", "isFree"),
            Step("compensation", "Where", "isNone", "zero", "directed"),
            Step("spread", "Mul", "code", "spacing"),
            Step("codes", "Add", "spread", "compensation"),
        ]);

    /// <summary>An exact product as a 32-bit integer; the cast also keeps graph optimizers from merging scales into integer weights.</summary>
    public static OnnxFunction ToInteger { get; } = new(
        "ToInteger", ["product"], "sum",
        [
            Step("sum", "Cast", ["product"], ("to", Int32)),
        ]);

    /// <summary>y = (float)(sum + offset)·scale + bias.</summary>
    public static OnnxFunction Rescale { get; } = new(
        "Rescale", ["sum", "offset", "scale", "bias"], "y",
        [
            Step("total", "Add", "sum", "offset"),
            Step("real", "Cast", ["total"], ("to", Float)),
            Step("scaled", "Mul", "real", "scale"),
            Step("y", "Add", "scaled", "bias"),
        ]);
}
