using Subbyte.Networks.Execution;

namespace Subbyte.Networks.Operators;

/// <summary>The operators that can be executed, by domain and name.</summary>
public sealed class OperatorSet
{
    private readonly Dictionary<(string Domain, string OpType), OperatorDefinition> _definitions;

    private OperatorSet(IEnumerable<OperatorDefinition> definitions)
        => _definitions = definitions.ToDictionary(definition => (definition.Domain, definition.OpType));

    /// <summary>The product's operators.</summary>
    public static OperatorSet Default { get; } = new(BuiltIn());

    /// <summary>Names of the operators, in alphabetical order.</summary>
    public IEnumerable<string> Names => _definitions.Values.Select(definition => definition.Domain.Length == 0 ? definition.OpType : $"{definition.Domain}.{definition.OpType}").Order(StringComparer.Ordinal);

    /// <summary>The definition of a node's operator.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The definition.</returns>
    /// <exception cref="UserErrorException">The operator is not supported.</exception>
    public OperatorDefinition Find(Node node)
        => _definitions.GetValueOrDefault((node.Domain, node.OpType)) ?? throw new UserErrorException($"{node}: the operator is not supported");

    /// <summary>Whether a node's operator can be executed.</summary>
    /// <param name="node">The node.</param>
    /// <returns>False when the operator is not supported.</returns>
    public bool Contains(Node node) => _definitions.ContainsKey((node.Domain, node.OpType));

    /// <summary>Names every operator of a network that is missing, all at once.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="UserErrorException">Some operators are missing.</exception>
    public void RequireAll(Network network)
    {
        var missing = network.Nodes.Where(node => !Contains(node)).ToArray();
        if (missing.Length == 0) return;
        var opset = network.Opsets.GetValueOrDefault("", 0);
        var list = missing.GroupBy(node => node.QualifiedOpType, StringComparer.Ordinal)
            .Select(group => $"{group.Key} ({string.Join(", ", group.Take(3).Select(node => $"'{node.Name}'"))}{(group.Count() > 3 ? $" and {group.Count() - 3} more" : "")})");
        throw new UserErrorException($"network '{network.Name}' (opset {opset}) uses operators that are not supported: {string.Join("; ", list)}");
    }

    private static IEnumerable<OperatorDefinition> BuiltIn() =>
    [
        .. ConstantOperators.All,
        .. ElementwiseOperators.All,
        .. NormalizationOperators.All,
        .. ProductOperators.All,
        .. QuantizationOperators.All,
        .. RecurrentOperators.All,
        .. ReductionOperators.All,
        .. ShapeOperators.All,
        .. SpatialOperators.All,
    ];
}
