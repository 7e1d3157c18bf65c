using Subbyte.Networks.Execution;
using Subbyte.Tensors;

namespace Subbyte.Networks.Operators;

/// <summary>What becomes of an element onto which another is scattered.</summary>
internal sealed class ScatterReduction
{
    private readonly Func<double, double, double>? _floats;
    private readonly Func<long, long, long>? _integers;

    /// <summary>Reads the attribute <c>reduction</c>.</summary>
    /// <param name="context">The node.</param>
    /// <param name="type">Element type.</param>
    public ScatterReduction(NodeContext context, ElementType type)
    {
        var name = context.Node.Text("reduction", "none");
        if (name != "none" && type == ElementType.Boolean) throw context.Fail($"booleans have no reduction '{name}'");

        if (type.IsFloatingPoint()) _floats = Floats(name);
        else _integers = Integers(name, type == ElementType.UInt64);
        if (IsReplacement && name != "none") throw context.Fail($"reduction '{name}' is not known; none, add, mul, min and max are");
    }

    /// <summary>Whether the new element takes the old one's place.</summary>
    public bool IsReplacement => _integers is null && _floats is null;

    /// <summary>Scatters elements in a row.</summary>
    /// <param name="updates">Where they come from.</param>
    /// <param name="position">The first of them.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="place">The first element there.</param>
    /// <param name="count">How many.</param>
    public void Apply(Tensor updates, int position, Tensor target, int place, int count)
    {
        if (IsReplacement)
        {
            var element = AxisBytes.Of(target.ElementType);
            updates.Bytes.Span.Slice(position * element, count * element).CopyTo(target.Bytes.Span[(place * element)..]);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            if (_floats is null) Reduce(updates, position + i, target, place + i, _integers!);
            else Reduce(updates, position + i, target, place + i, _floats);
        }
    }

    private static void Reduce(Tensor updates, int position, Tensor target, int place, Func<double, double, double> function)
    {
        Span<double> values = stackalloc double[2];
        ElementConversion.Read(target, place, values[..1]);
        ElementConversion.Read(updates, position, values[1..]);
        values[0] = function(values[0], values[1]);
        ElementConversion.Write(values[..1], target, place);
    }

    private static void Reduce(Tensor updates, int position, Tensor target, int place, Func<long, long, long> function)
    {
        Span<long> values = stackalloc long[2];
        ElementConversion.Read(target, place, values[..1]);
        ElementConversion.Read(updates, position, values[1..]);
        values[0] = function(values[0], values[1]);
        ElementConversion.Write(values[..1], target, place);
    }

    // Sums and products of binary64 rounded to a narrower type are those of the narrower type.
    private static Func<double, double, double>? Floats(string name) => name switch
    {
        "add" => (a, b) => a + b,
        "mul" => (a, b) => a * b,
        "min" => Math.Min,
        "max" => Math.Max,
        _ => null,
    };

    private static Func<long, long, long>? Integers(string name, bool isUnsigned) => name switch
    {
        "add" => (a, b) => unchecked(a + b),
        "mul" => (a, b) => unchecked(a * b),
        "min" => isUnsigned ? (a, b) => (long)Math.Min((ulong)a, (ulong)b) : Math.Min,
        "max" => isUnsigned ? (a, b) => (long)Math.Max((ulong)a, (ulong)b) : Math.Max,
        _ => null,
    };
}
