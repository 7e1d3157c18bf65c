using Google.Protobuf;
using Subbyte.Experiments.Verification;
using Subbyte.Networks;
using Subbyte.Onnx;
using Subbyte.Onnx.Proto;
using Subbyte.Tensors;
using Subbyte.Tests.Data;
using Subbyte.Tests.Networks;

namespace Subbyte.Tests.Verification;

/// <summary>Cases in the layout of ONNX's backend tests: one that holds, and each way in which one does not.</summary>
public sealed class OperatorCaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_case_whose_outputs_are_as_expected_passes()
    {
        var result = OperatorCase.Run(Case("test_add", [2f, 4, 6]));
        (result.Name, result.Status, result.Reason, result.MaxError).ShouldBe(("test_add", CaseStatus.Passed, null, 0d));
    }

    [Fact]
    public void A_difference_within_the_tolerance_is_stated()
        => OperatorCase.Run(Case("test_add", [2f, 4, 6.001f])).MaxError!.Value.ShouldBe(0.001, 1e-6);

    [Theory]
    [InlineData(6.01f, "element 2 is 6 where 6.01")]
    [InlineData(float.NaN, "element 2 is 6 where NaN")]
    [InlineData(float.PositiveInfinity, "element 2 is 6 where")]
    public void A_case_whose_expected_output_was_altered_fails(float altered, string reason)
    {
        var result = OperatorCase.Run(Case("test_add", [2f, 4, altered]));
        result.Status.ShouldBe(CaseStatus.Failed);
        result.Reason!.ShouldContain(reason);
    }

    [Fact]
    public void Another_shape_or_type_fails()
    {
        OperatorCase.Run(Case("test_shape", Tensor.Of([2f, 4, 6], 1, 3))).Reason!.ShouldContain("is Float32[3] where Float32[1,3] is expected");
        OperatorCase.Run(Case("test_type", Tensor.Of([2, 4, 6]))).Reason!.ShouldContain("is Float32[3] where Int32[3] is expected");
    }

    [Fact]
    public void A_case_without_data_or_with_too_few_of_them_fails()
    {
        var folder = Case("test_add", [2f, 4, 6]);
        File.Delete(Path.Combine(folder, "test_data_set_0", "input_0.pb"));
        OperatorCase.Run(folder).ShouldBe(new CaseResult("test_add", CaseStatus.Failed, "test_data_set_0: holds 0 inputs where the model takes 1", 0));
        Directory.Delete(Path.Combine(folder, "test_data_set_0"), recursive: true);
        OperatorCase.Run(folder).Reason.ShouldBe("has no test_data_set_* folder");
    }

    [Fact]
    public void An_operator_that_nobody_knows_is_unsupported_and_named()
    {
        var result = OperatorCase.Run(Case("test_strange", [2f, 4, 6], "Strange"));
        result.Status.ShouldBe(CaseStatus.Unsupported);
        result.Reason!.ShouldContain("Strange");
    }

    [Fact]
    public void A_damaged_file_fails_its_case_not_the_run()
    {
        var folder = Case("test_add", [2f, 4, 6]);
        File.WriteAllBytes(Path.Combine(folder, "test_data_set_0", "output_0.pb"), [0xFF, 0xFF, 0xFF]);
        var result = OperatorCase.Run(folder);
        result.Status.ShouldBe(CaseStatus.Failed);
        result.Reason!.ShouldContain("output_0.pb: is not a serialized tensor or is damaged");
    }

    [Fact]
    public void The_document_counts_the_cases()
    {
        var results = new[] { Case("a", [2f, 4, 6]), Case("b", [2f, 4, 7]), Case("c", [2f, 4, 6], "Strange") }.Select(OperatorCase.Run).ToArray();
        var document = new ConformanceDocument(results);
        (document.Passed, document.Failed, document.Unsupported).ShouldBe((1, 1, 1));
        document.ToJson().ShouldContain("\"schema\": \"subbyte.verify/1\"");
        OperatorCase.Find(_folder.Path).Select(Path.GetFileName).ShouldBe(["a", "b", "c"]);
    }

    private string Case(string name, float[] expected, string opType = "Add") => Case(name, Tensor.Of<float>(expected), opType);

    /// <summary>x + x with x = (1, 2, 3).</summary>
    private string Case(string name, Tensor expected, string opType = "Add")
    {
        var graph = new GraphBuilder();
        var network = graph.Build(graph.Add(opType, [GraphBuilder.Input, GraphBuilder.Input]));
        var folder = _folder[name];
        var set = Directory.CreateDirectory(Path.Combine(folder, "test_data_set_0")).FullName;
        OnnxNetwork.Save(network with { Inputs = [new NetworkValue(GraphBuilder.Input, ElementType.Float32, [new Dimension(3)])] }, Path.Combine(folder, "model.onnx"));
        File.WriteAllBytes(Path.Combine(set, "input_0.pb"), Message(Tensor.Of([1f, 2, 3])));
        File.WriteAllBytes(Path.Combine(set, "output_0.pb"), Message(expected));
        return folder;
    }

    private static byte[] Message(Tensor tensor)
    {
        var message = new TensorProto { DataType = (int)tensor.ElementType, RawData = ByteString.CopyFrom(tensor.Bytes.Span) };
        message.Dims.AddRange(tensor.Dimensions.ToArray().Select(dimension => (long)dimension));
        return message.ToByteArray();
    }
}
