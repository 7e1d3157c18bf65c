using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>Where the output positions of a resized axis lie in its input, and what they weigh of their neighbours.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">How output positions become input coordinates.</param>
/// <param name="Rounding">Which neighbour is the nearest.</param>
/// <param name="CubicCoefficient">Coefficient a of cubic interpolation.</param>
/// <param name="ExcludesOutside">Whether neighbours outside weigh nothing.</param>
/// <param name="Antialias">Whether the kernel widens where the axis shrinks.</param>
/// <param name="Extrapolation">Value outside the region of interest.</param>
internal sealed record ResizeSampling(string Mode, string Coordinates, string Rounding, double CubicCoefficient, bool ExcludesOutside, bool Antialias, float Extrapolation)
{
    private const string Crop = "tf_crop_and_resize";

    /// <summary>Whether positions may take the extrapolation value.</summary>
    public bool Extrapolates => Coordinates == Crop;

    /// <summary>Reads the attributes.</summary>
    /// <param name="context">The node.</param>
    /// <param name="isOld">Whether the operator is older than coordinate modes: Upsample and Resize of opset 10.</param>
    /// <param name="mode">nearest, linear or cubic.</param>
    /// <returns>The sampling.</returns>
    public static ResizeSampling Read(NodeContext context, bool isOld, string mode)
    {
        if (isOld) return new ResizeSampling(mode, "asymmetric", "old", -0.75, false, false, 0);
        var coordinates = context.Node.Text("coordinate_transformation_mode", "half_pixel");
        if (coordinates is not ("half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel" or "align_corners" or "asymmetric" or "tf_half_pixel_for_nn" or Crop)) throw context.Fail($"coordinate_transformation_mode '{coordinates}' is unknown");
        var rounding = context.Node.Text("nearest_mode", "round_prefer_floor");
        if (rounding is not ("round_prefer_floor" or "round_prefer_ceil" or "floor" or "ceil")) throw context.Fail($"nearest_mode '{rounding}' is unknown");
        var antialias = context.Node.Integer("antialias", 0) != 0;
        if (antialias && mode == "nearest") throw context.Fail("antialias does not go with mode 'nearest'");
        return new ResizeSampling(mode, coordinates, rounding, context.Node.Float("cubic_coeff_a", -0.75f), context.Node.Integer("exclude_outside", 0) != 0, antialias, context.Node.Float("extrapolation_value", 0));
    }

    /// <summary>The input position that each output position repeats.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>The positions, or null where the axis stays as it is.</returns>
    public int[]? Nearest(ResizeAxis axis)
    {
        if (!axis.IsResized) return null;
        var sources = new int[axis.Output];
        for (var i = 0; i < sources.Length; i++) sources[i] = Math.Clamp(Nearest(axis, Coordinate(axis, i)), 0, axis.Input - 1);
        return sources;
    }

    /// <summary>Whether interpolation leaves an axis as it is.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>True when every output position is its own input position.</returns>
    public bool Keeps(ResizeAxis axis)
    {
        if (!axis.IsResized) return true;
        if (axis.Input != axis.Output) return false;
        for (var i = 0; i < axis.Output; i++)
        {
            if (Coordinate(axis, i) != i) return false;
        }

        return true;
    }

    /// <summary>Input coordinate of an output position, in float32: 3 / 0.6 is 5 there, as it should be.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="position">Output position.</param>
    /// <returns>The coordinate; whole at pixel centres.</returns>
    public float Coordinate(ResizeAxis axis, int position)
    {
        var length = axis.Scale * axis.Input;
        switch (Coordinates)
        {
            case "align_corners": return length == 1 ? 0 : position * (float)(axis.Input - 1) / (length - 1);
            case "asymmetric": return position / axis.Scale;
            case "tf_half_pixel_for_nn": return (position + 0.5f) / axis.Scale;
            case "pytorch_half_pixel": return length <= 1 ? 0 : ((position + 0.5f) / axis.Scale) - 0.5f;
            case "half_pixel_symmetric": return (axis.Input / 2f * (1 - (axis.Output / length))) + ((position + 0.5f) / axis.Scale) - 0.5f;
            case Crop:
                var (last, size) = (axis.Input - 1f, axis.End - axis.Start);
                return length == 1 ? 0.5f * (axis.Start + axis.End) * last : (axis.Start * last) + (position * size * last / (length - 1));
            default: return ((position + 0.5f) / axis.Scale) - 0.5f;
        }
    }

    /// <summary>Whether a coordinate lies outside the input.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="coordinate">The coordinate.</param>
    /// <returns>True where the extrapolation value is the result.</returns>
    public bool IsOutside(ResizeAxis axis, float coordinate) => Extrapolates && axis.IsResized && (coordinate < 0 || coordinate > axis.Input - 1);

    /// <summary>Neighbours that weigh in one output position.</summary>
    /// <param name="axis">The axis.</param>
    /// <returns>Their number.</returns>
    public int Taps(ResizeAxis axis)
    {
        if (Mode == "nearest") return 1;
        var reach = Mode == "linear" ? 1 : 2;
        return Antialias ? checked(2 - (2 * FirstTap(axis, reach))) : 2 * reach;
    }

    /// <summary>The weights of an output position's neighbours.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="position">Output position.</param>
    /// <param name="weights">Takes as many weights as there are taps.</param>
    /// <returns>The first neighbour, maybe outside: those outside repeat the first or the last position.</returns>
    public int Weigh(ResizeAxis axis, int position, Span<double> weights)
    {
        var coordinate = Coordinate(axis, position);
        if (Mode == "nearest")
        {
            weights[0] = 1;
            return Nearest(axis, coordinate);
        }

        // The neighbour on the left has a distance in (0, 1].
        var left = (int)Math.Ceiling(Math.Clamp((double)coordinate, int.MinValue / 2, int.MaxValue / 2)) - 1;
        var ratio = coordinate - (double)left;
        var reach = Mode == "linear" ? 1 : 2;
        var first = Antialias ? FirstTap(axis, reach) : 1 - reach;
        var scale = Antialias ? Math.Min(1, axis.Scale) : 1;
        var sum = 0d;
        for (var i = 0; i < weights.Length; i++)
        {
            var inside = left + first + i >= 0 && left + first + i < axis.Input;
            weights[i] = ExcludesOutside && !inside ? 0 : Kernel(Math.Abs((first + i - ratio) * scale));
            sum += weights[i];
        }

        if ((Antialias || ExcludesOutside) && sum != 0)
        {
            foreach (ref var weight in weights) weight /= sum;
        }

        return left + first;
    }

    private static int FirstTap(ResizeAxis axis, int reach) => checked((int)Math.Floor(-reach / Math.Min(1, axis.Scale))) + 1;

    private double Kernel(double x)
    {
        if (Mode == "linear") return Math.Max(0, 1 - x);
        var a = CubicCoefficient;
        if (x <= 1) return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a) : 0;
    }

    private int Nearest(ResizeAxis axis, double coordinate)
    {
        var floor = Math.Floor(coordinate);
        var ratio = coordinate - floor;
        var isUp = ratio > 0 && Rounding switch
        {
            "round_prefer_floor" => ratio > 0.5,
            "round_prefer_ceil" => ratio >= 0.5,
            "ceil" => true,
            "floor" => false,
            // Before there were modes, shrinking took the neighbour after.
            _ => axis.Scale < 1,
        };
        return (int)Math.Clamp(floor, int.MinValue / 2, int.MaxValue / 2) + (isUp ? 1 : 0);
    }
}
