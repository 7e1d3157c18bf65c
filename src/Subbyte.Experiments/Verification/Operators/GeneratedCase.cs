using Subbyte.Networks;
using Subbyte.Tensors;

namespace Subbyte.Experiments.Verification.Operators;

/// <summary>A model of one operator with its inputs.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Network">The model.</param>
/// <param name="Inputs">Its inputs by name.</param>
/// <param name="Tolerance">How far two implementations may be apart.</param>
public sealed record GeneratedCase(string OpType, Network Network, IReadOnlyDictionary<string, Tensor> Inputs, Tolerance Tolerance)
{
    /// <summary>Number of the case among those of its operator.</summary>
    public int Number { get; init; }

    /// <summary>The same model on the magnitudes of all operands, whose outputs are Σ|a·b|; only for <see cref="ToleranceKind.Sum"/>.</summary>
    internal (Network Network, IReadOnlyDictionary<string, Tensor> Inputs)? Magnitudes { get; init; }

    /// <summary>Operator, number, opset, operands and attributes.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        var node = Network.Nodes[0];
        var operands = node.Inputs.Select(name => name.Length == 0 ? "-" : Inputs.TryGetValue(name, out var input) ? $"{input}" : $"constant {Content(Network.Constants[name])}");
        var attributes = node.Attributes.Select(attribute => $" {attribute.Key}={Text(attribute.Value.Value)}");
        return $"{OpType}#{Number} opset {Network.Opsets[node.Domain]} ({string.Join(", ", operands)}){string.Concat(attributes)}";
    }

    private static string Content(Tensor tensor)
        => tensor.ElementType == ElementType.Int64 && tensor.Length <= 8 ? $"{tensor} {{{string.Join(",", tensor.AsSpan<long>().ToArray())}}}" : tensor.ToString();

    private static string Text(object value) => value is Array list ? $"[{string.Join(",", list.Cast<object>())}]" : $"{value}";
}
