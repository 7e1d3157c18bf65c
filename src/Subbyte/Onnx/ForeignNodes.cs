using Subbyte.Networks;
using Subbyte.Onnx.Proto;

namespace Subbyte.Onnx;

/// <summary>Writes nodes; one of another opset than the network's becomes the call of a function that imports that opset.</summary>
/// <param name="network">The network.</param>
internal sealed class ForeignNodes(Network network)
{
    /// <summary>Domain of the functions.</summary>
    public const string Domain = "subbyte.opsets";

    private readonly List<FunctionProto> _functions = [];

    /// <summary>The functions that the nodes written so far call.</summary>
    public IReadOnlyList<FunctionProto> Functions => _functions;

    /// <summary>Writes a node.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The message.</returns>
    public NodeProto Write(Node node)
    {
        var proto = OnnxWriter.Node(node);
        if (node.Opset is not { } opset || opset == network.Opsets.GetValueOrDefault(node.Domain, opset)) return proto;
        var function = new FunctionProto { Name = $"{node.OpType}{_functions.Count}", Domain = Domain };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = node.Domain, Version = opset });
        var call = new NodeProto { Name = node.Name, OpType = function.Name, Domain = Domain };
        for (var i = 0; i < proto.Input.Count; i++)
        {
            if (proto.Input[i].Length == 0) continue;
            call.Input.Add(proto.Input[i]);
            function.Input.Add(proto.Input[i] = $"x{i}");
        }

        for (var i = 0; i < proto.Output.Count; i++)
        {
            if (proto.Output[i].Length == 0) continue;
            call.Output.Add(proto.Output[i]);
            function.Output.Add(proto.Output[i] = $"y{i}");
        }

        function.Node.Add(proto);
        _functions.Add(function);
        return call;
    }
}
