using Subbyte.Tensors;

namespace Subbyte.Networks;

/// <summary>Brings nodes into an order in which each value is made before it is read, and refuses graphs that have none.</summary>
internal static class GraphOrder
{
    /// <summary>Sorts nodes; an order that is valid already is kept.</summary>
    /// <param name="nodes">Nodes in any order.</param>
    /// <param name="inputs">Inputs of the graph.</param>
    /// <param name="constants">Constants by name.</param>
    /// <param name="outputs">Outputs of the graph.</param>
    /// <param name="source">File name, for messages.</param>
    /// <returns>Nodes in topological order.</returns>
    /// <exception cref="UserErrorException">A value is made twice, read but never made, or depends on itself.</exception>
    public static IReadOnlyList<Node> Sort(IReadOnlyList<Node> nodes, IEnumerable<NetworkValue> inputs, IReadOnlyDictionary<string, Tensor> constants, IEnumerable<NetworkValue> outputs, string source)
    {
        var made = new HashSet<string>(constants.Keys, StringComparer.Ordinal);
        made.UnionWith(inputs.Select(input => input.Name));
        var maker = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var output in node.Outputs.Where(output => output.Length > 0))
            {
                if (made.Contains(output) || !maker.TryAdd(output, node))
                    throw new UserErrorException($"{source}: {node} makes value '{output}', which exists already");
            }
        }

        foreach (var node in nodes)
        {
            foreach (var input in node.Inputs.Where(input => input.Length > 0 && !made.Contains(input) && !maker.ContainsKey(input)))
                throw new UserErrorException($"{source}: {node} reads value '{input}', which nothing makes; a weight may be missing from the file");
        }

        foreach (var output in outputs.Where(output => !made.Contains(output.Name) && !maker.ContainsKey(output.Name)))
            throw new UserErrorException($"{source}: output '{output.Name}' is made by no node");
        return Order(nodes, made, maker, source);
    }

    private static List<Node> Order(IReadOnlyList<Node> nodes, HashSet<string> made, Dictionary<string, Node> maker, string source)
    {
        // Kahn's algorithm with a queue that keeps the file's order among nodes that are ready together.
        var waiting = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<Node, List<Node>>(ReferenceEqualityComparer.Instance);
        var ready = new PriorityQueue<Node, int>();
        var rank = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < nodes.Count; i++)
        {
            rank[nodes[i]] = i;
            var makers = nodes[i].Inputs.Where(input => input.Length > 0 && !made.Contains(input)).Select(input => maker[input]).Distinct().ToArray();
            waiting[nodes[i]] = makers.Length;
            foreach (var node in makers)
            {
                if (!readers.TryGetValue(node, out var list)) readers[node] = list = [];
                list.Add(nodes[i]);
            }

            if (makers.Length == 0) ready.Enqueue(nodes[i], i);
        }

        var order = new List<Node>(nodes.Count);
        while (ready.TryDequeue(out var node, out _))
        {
            order.Add(node);
            foreach (var reader in readers.GetValueOrDefault(node) ?? [])
            {
                if (--waiting[reader] == 0) ready.Enqueue(reader, rank[reader]);
            }
        }

        if (order.Count < nodes.Count)
        {
            var stuck = nodes.First(node => waiting[node] > 0);
            throw new UserErrorException($"{source}: the graph has a cycle through {stuck}; a network must be acyclic");
        }

        return order;
    }
}
