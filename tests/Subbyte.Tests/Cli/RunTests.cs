using System.Text.Json.Nodes;
using Subbyte.Tests.Data.Images;
using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>The verbs <c>pack</c> and <c>run</c> on photos.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class RunTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Photos_are_named_by_their_files()
    {
        await Pack();
        var photos = Directory.CreateDirectory(_folder["photos"]).FullName;
        foreach (var name in new[] { "a.png", "b.png" }) await File.WriteAllBytesAsync(Path.Combine(photos, name), PngFile.Rgb(40, 36, (x, y, c) => (x + (3 * y) + c + name[0]) % 256));
        var rows = (await CommandRun.Of("run", _folder["net.subbyte"], "--data", photos, "--top", "2", "--csv", "-", "--quiet")).ShouldBeDone().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows[0].Trim().ShouldBe("sample,file,label,rank,class,output");
        rows.Length.ShouldBe(1 + (2 * 2));
        rows[3].ShouldStartWith($"1,{Path.Combine(photos, "b.png")},,1,");
        var one = await CommandRun.Of("run", _folder["net.subbyte"], "--data", Path.Combine(photos, "b.png"), "--quiet");
        one.ShouldBeDone().Output.ShouldContain("b.png: ");
        (await CommandRun.Of("run", _folder["net.subbyte"], "--data", _folder["absent.png"], "--quiet")).ShouldBeRefused("absent.png");
        (await CommandRun.Of("run", _folder["net.subbyte"], "--data", $"images:{_folder.Model}", "--quiet")).ShouldBeRefused("JPEG or PNG");
    }

    [Fact]
    public async Task Pack_states_its_file_beside_the_other_forms()
    {
        var json = JsonNode.Parse((await Pack("--json", "-")).Output)!;
        var (file, fp32, int8) = (json["bytes"]!.GetValue<long>(), json["onnxFloatBytes"]!.GetValue<long>(), json["onnxInt8Bytes"]!.GetValue<long>());
        file.ShouldBe(new FileInfo(_folder["net.subbyte"]).Length);
        fp32.ShouldBeGreaterThan(int8);
        (await Pack()).Output.ShouldContain("as ONNX");
    }

    private async Task<CommandRun> Pack(params string[] more)
        => (await CommandRun.Of(["pack", _folder.Model, "--method", "int4", "--calibrate", _folder.Calibration, "--out", _folder["net.subbyte"], "--quiet", .. more])).ShouldBeDone();
}
