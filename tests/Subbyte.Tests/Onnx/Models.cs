using Google.Protobuf;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Onnx.Proto;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Onnx;

/// <summary>ONNX files in memory, to be damaged.</summary>
internal static class Models
{
    public static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        OnnxNetwork.Write(network, stream);
        return stream.ToArray();
    }

    /// <summary>A small network as messages: Gemm, Relu, Gemm.</summary>
    public static ModelProto Small()
    {
        var graph = new GraphBuilder(3);
        var hidden = graph.Add("Relu", [graph.Add("Gemm", [GraphBuilder.Input, graph.Constant([1f, 2, 3, 4, 5, 6], 3, 2), graph.Constant([1f, -1], 2)])]);
        return ModelProto.Parser.ParseFrom(Bytes(graph.Build(graph.Add("Gemm", [hidden, graph.Constant([1f, 2, 3, 4], 2, 2)]))));
    }

    public static Network Parse(ModelProto model, string? folder = null) => OnnxNetwork.Parse(model.ToByteArray(), "m.onnx", folder);

    /// <summary>The one line with which a model is refused.</summary>
    public static string Refusal(ModelProto model, string? folder = null)
    {
        var message = Should.Throw<UserErrorException>(() => Parse(model, folder)).Message;
        message.ShouldStartWith("m.onnx: ");
        return message;
    }
}
