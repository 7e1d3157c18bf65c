using Subbyte.Tests.Kernels;

namespace Subbyte.Tests.Cli;

/// <summary>Bad usage and bad input end with code 2, one line on standard error, and no file.</summary>
[Collection(InstructionSetCollection.Name)]
public sealed class BadUsageTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("eval --frobnicate", "--frobnicate")]
    [InlineData("eval MODEL EXTRA --data DATA", "EXTRA")]
    [InlineData("eval MODEL --data DATA --threads 0", "--threads")]
    [InlineData("eval MODEL --data DATA --threads many", "many")]
    [InlineData("eval MODEL --data DATA --limit 0", "--limit")]
    [InlineData("eval MODEL --data DATA --isa sse2", "sse2")]
    [InlineData("eval MODEL --data DATA --method int8 --calibrate CALIBRATION --calibration-samples 0", "--calibration-samples")]
    [InlineData("eval MODEL --data DATA --method int9", "int9")]
    [InlineData("eval MODEL --data DATA --method int8:colour=red", "colour")]
    [InlineData("eval MODEL --data DATA --method fxp:bits=99", "2..16")]
    [InlineData("eval MODEL --data DATA --method fxp:bits=eight", "eight")]
    [InlineData("eval MODEL --data DATA --method tr:encoding=roman", "hese")]
    [InlineData("eval MODEL --data DATA --preprocess scale=0", "scale")]
    [InlineData("eval", "--data")]
    [InlineData("eval MODEL", "--data")]
    [InlineData("eval --workload absent-workload", "absent-workload")]
    [InlineData("eval absent.onnx --data DATA", "absent.onnx")]
    [InlineData("eval MODEL --data cifar10:absent.bin", "absent.bin")]
    [InlineData("eval MODEL --data tape:absent", "tape")]
    [InlineData("eval MODEL --data DATA#0-99", "99")]
    [InlineData("eval BARE --data DATA", "--preprocess")]
    [InlineData("eval SMALL --data DATA --preprocess scale=1", "takes inputs of 3x16x16")]
    [InlineData("eval MODEL --data DATA --method int8 --calibrate cifar10:absent.bin", "absent.bin")]
    [InlineData("eval MODEL --data MODEL", "kind")]
    [InlineData("quantize MODEL --method int8 --data DATA", "--out")]
    [InlineData("quantize MODEL --data DATA --out x.onnx", "--method")]
    [InlineData("inspect", "MODEL")]
    [InlineData("inspect DATAFILE", "damaged")]
    [InlineData("methods int9", "int9")]
    [InlineData("compare MODEL --data DATA --methods int8;int9", "int9")]
    public async Task What_is_wrong_is_said_in_one_line(string commandLine, string text)
    {
        var before = _folder.Files.ToArray();
        (await CommandRun.Of(Words(commandLine))).ShouldBeRefused(text);
        _folder.Files.ShouldBe(before);
    }

    [Theory]
    [InlineData("MODEL/out.onnx")]
    [InlineData("/proc/absent/out.onnx")]
    public async Task An_output_folder_that_cannot_be_written_is_refused_before_any_work(string path)
    {
        path = path.Replace("MODEL", _folder.Model, StringComparison.Ordinal);
        (await CommandRun.Of("quantize", _folder.Model, "--method", "int8", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", path)).ShouldBeRefused("cannot be written");
    }

    [Fact]
    public async Task Json_that_cannot_be_written_is_refused_before_any_work()
    {
        var before = _folder.Files.ToArray();
        (await CommandRun.Of("eval", _folder.Model, "--data", _folder.Data, "--json", Path.Combine(_folder.Model, "result.json"))).ShouldBeRefused("cannot be written");
        _folder.Files.ShouldBe(before);
    }

    [Fact]
    public async Task An_export_that_fails_leaves_no_file()
    {
        var before = _folder.Files.ToArray();
        (await CommandRun.Of("quantize", _folder.Model, "--method", "fxp:bits=16", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["out.onnx"], "--quiet")).ShouldBeRefused("fxp", "ONNX");
        _folder.Files.ShouldBe(before);
    }

    [Fact]
    public async Task A_data_file_that_is_cut_off_is_refused()
    {
        File.WriteAllBytes(_folder["cut.bin"], File.ReadAllBytes(_folder["test.bin"])[..5000]);
        (await CommandRun.Of("eval", _folder.Model, "--data", $"cifar10:{_folder["cut.bin"]}")).ShouldBeRefused("cut.bin");
    }

    [Fact]
    public async Task A_model_that_is_cut_off_is_refused()
    {
        var bytes = File.ReadAllBytes(_folder.Model);
        foreach (var length in new[] { 0, 1, 10, bytes.Length / 2, bytes.Length - 10 })
        {
            File.WriteAllBytes(_folder["cut.onnx"], bytes[..length]);
            (await CommandRun.Of("eval", _folder["cut.onnx"], "--data", _folder.Data, "--preprocess", "scale=1")).ShouldBeRefused("cut.onnx");
        }
    }

    [Fact]
    public async Task Onnx_runtime_that_is_absent_is_named()
        => (await CommandRun.Of("quantize", _folder.Model, "--method", "int8", "--data", _folder.Data, "--calibrate", _folder.Calibration, "--out", _folder["out.onnx"], "--verify", "--onnxruntime", _folder["absent"])).ShouldBeRefused("ONNX Runtime");

    private string[] Words(string commandLine) => [.. commandLine.Split(' ').Select(word => word
        .Replace("CALIBRATION", _folder.Calibration, StringComparison.Ordinal)
        .Replace("DATAFILE", _folder["test.bin"], StringComparison.Ordinal)
        .Replace("DATA", _folder.Data, StringComparison.Ordinal)
        .Replace("MODEL", _folder.Model, StringComparison.Ordinal)
        .Replace("BARE", _folder["bare.onnx"], StringComparison.Ordinal)
        .Replace("SMALL", _folder["small.onnx"], StringComparison.Ordinal))];
}
