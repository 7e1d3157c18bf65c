using Subbyte.Networks;
using Subbyte.Onnx.Export;
using static Subbyte.Onnx.Export.OnnxFunction;

namespace Subbyte.Methods.NbSmt;

/// <summary>Model-local functions of <see cref="CollisionCode"/>.</summary>
internal static class CollisionFunctions
{
    private static readonly AttributeValue Float = 1L;
    private static readonly AttributeValue Int64 = 7L;

    /// <summary>1 where the partner's channel is not zero, else 0.</summary>
    public static OnnxFunction CountBusy { get; } = new(
        "CountBusy", ["codes", "partners", "zero"], "busy",
        [
            Step("partner", "Gather", ["codes", "partners"], ("axis", 1L)),
            Step("idle", "Equal", "partner", "zero"),
            Step("active", "Not", "idle"),
            Step("busy", "Cast", ["active"], ("to", Float)),
        ]);

    /// <summary>code = tables[count · entries + code].</summary>
    public static OnnxFunction LookUpByCount { get; } = new(
        "LookUpByCount", ["codes", "count", "entries", "tables"], "mapped",
        [
            Step("first", "Mul", "count", "entries"),
            Step("place", "Add", "first", "codes"),
            Step("index", "Cast", ["place"], ("to", Int64)),
            Step("mapped", "Gather", ["tables", "index"], ("axis", 0L)),
        ]);
}
