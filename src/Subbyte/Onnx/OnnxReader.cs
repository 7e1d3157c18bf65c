using Google.Protobuf;
using Subbyte.Networks;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;

namespace Subbyte.Onnx;

/// <summary>Turns ONNX messages into a <see cref="Network"/>; treats every size and name in them as hostile.</summary>
/// <param name="source">File name, for messages.</param>
/// <param name="folder">Folder of external data, or null.</param>
internal sealed class OnnxReader(string source, string? folder)
{
    private const int OldestOpset = 6;
    private const int NewestOpset = 27;

    public Network Read(byte[] bytes)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new UserErrorException($"{source}: is not an ONNX file or is damaged: {failure.Message}", failure);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0 && model.Graph.Output.Count == 0)
            throw new UserErrorException($"{source}: holds no graph; is it an ONNX model?");
        var opsets = Opsets(model);
        var tensors = new TensorReader(source, folder);
        var constants = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var initializer in model.Graph.Initializer)
        {
            if (!constants.TryAdd(initializer.Name, tensors.Read(initializer)))
                throw new UserErrorException($"{source}: initialiser '{initializer.Name}' occurs twice");
        }

        if (model.Graph.SparseInitializer is [var sparse, ..])
            throw new UserErrorException($"{source}: initialiser '{sparse.Values?.Name}' is sparse, which is not supported; store it dense");
        var nodes = new NodeReader(source, tensors, model.Functions, opsets).Read(model.Graph.Node);
        var inputs = model.Graph.Input.Where(input => !constants.ContainsKey(input.Name)).Select(Value).ToArray();
        var outputs = model.Graph.Output.Select(Value).ToArray();
        if (outputs.Length == 0) throw new UserErrorException($"{source}: the graph has no output");
        return new Network
        {
            Name = model.Graph.Name.Length > 0 ? model.Graph.Name : Path.GetFileNameWithoutExtension(source),
            Inputs = inputs,
            Outputs = outputs,
            Nodes = GraphOrder.Sort(nodes, inputs, constants, outputs, source),
            Constants = constants,
            Opsets = opsets,
            Metadata = Metadata(model),
        };
    }

    /// <summary>Refuses versions of ONNX's own operators that are not understood.</summary>
    /// <param name="source">File name, for messages.</param>
    /// <param name="user">What uses it, with a blank at its end; empty for the model.</param>
    /// <param name="version">The version.</param>
    public static void CheckOpset(string source, string user, long version)
    {
        if (version is < OldestOpset or > NewestOpset)
            throw new UserErrorException($"{source}: {user}uses opset {version}; opsets {OldestOpset} to {NewestOpset} are understood");
    }

    private static Dictionary<string, string> Metadata(ModelProto model)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in model.MetadataProps) metadata[entry.Key] = entry.Value;
        return metadata;
    }

    private Dictionary<string, long> Opsets(ModelProto model)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in model.OpsetImport) opsets[import.Domain == "ai.onnx" ? "" : import.Domain] = import.Version;
        if (!opsets.TryGetValue("", out var version))
            throw new UserErrorException($"{source}: does not say which opset it uses (opset_import is missing)");
        CheckOpset(source, "", version);
        return opsets;
    }

    private NetworkValue Value(ValueInfoProto value)
    {
        var tensor = value.Type?.TensorType;
        if (tensor is null) throw new UserErrorException($"{source}: value '{value.Name}' is not a tensor, or has no type");
        var type = TensorReader.ElementTypeOf(tensor.ElemType) ?? throw new UserErrorException($"{source}: value '{value.Name}' has element type {tensor.ElemType}, which is not supported");
        var dimensions = tensor.Shape?.Dim.Select(dimension => Dimension(value.Name, dimension)).ToArray() ?? [];
        return new NetworkValue(value.Name, type, dimensions);
    }

    private Dimension Dimension(string name, TensorShapeProto.Types.Dimension dimension)
    {
        if (dimension.HasDimParam && dimension.DimParam.Length > 0) return new Dimension(null, dimension.DimParam);
        if (!dimension.HasDimValue) return new Dimension(null);
        // Exporters write 0 or −1 for a dimension that is not known.
        if (dimension.DimValue is 0 or -1) return new Dimension(null);
        if (dimension.DimValue is < 0 or > int.MaxValue) throw new UserErrorException($"{source}: value '{name}' has a dimension of {dimension.DimValue}");
        return new Dimension((int)dimension.DimValue);
    }
}
