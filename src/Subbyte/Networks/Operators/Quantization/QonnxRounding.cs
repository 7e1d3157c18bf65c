using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>QONNX's rounding modes.</summary>
/// <param name="Round">Rounds a value to an integer.</param>
internal sealed record QonnxRounding(Func<float, float> Round)
{
    /// <summary>Reads rounding_mode, upper or lower case.</summary>
    /// <param name="context">The node.</param>
    /// <param name="absent">Mode where the attribute is absent.</param>
    /// <returns>The rounding.</returns>
    public static QonnxRounding Read(NodeContext context, string absent)
    {
        var mode = context.Node.Text("rounding_mode", absent);
        return mode.ToUpperInvariant() switch
        {
            "ROUND" or "HALF_EVEN" => new QonnxRounding(MathF.Round),
            "CEIL" => new QonnxRounding(MathF.Ceiling),
            "FLOOR" => new QonnxRounding(MathF.Floor),
            "UP" => new QonnxRounding(value => value < 0 ? MathF.Floor(value) : MathF.Ceiling(value)),
            "DOWN" or "ROUND_TO_ZERO" => new QonnxRounding(MathF.Truncate),
            "HALF_UP" => new QonnxRounding(value => MathF.Round(value, MidpointRounding.AwayFromZero)),
            "HALF_DOWN" => new QonnxRounding(HalfDown),
            _ => throw context.Fail($"rounding_mode '{mode}' is unknown; ROUND, CEIL, FLOOR, UP, DOWN, HALF_UP and HALF_DOWN are supported"),
        };
    }

    private static float HalfDown(float value)
    {
        var whole = MathF.Truncate(value);
        return Math.Abs(value - whole) > 0.5f ? whole + Math.Sign(value) : whole;
    }
}
