using Subbyte.Tests.Cli;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>A folder with the report of a small comparison of every family of methods.</summary>
public sealed class ComparedFolder : IAsyncLifetime, IDisposable
{
    /// <summary>Rows of the report, fp32 among them.</summary>
    public const int Recipes = 11;

    private const string Methods = "int8; int4; uniform:w=6,a=6; fxp:bits=8; log:bits=4; log:bits=4 + output-correction; tr; tr:budget=8; sparq:window=5opt; prune:sparsity=0.4 + int8";

    private readonly CommandFolder _folder = new();

    public Uri Report => new(_folder["report/report.html"]);

    public async Task InitializeAsync()
        => (await CommandRun.Of("compare", _folder.Model, "--data", _folder.Data, "--calibrate", _folder.Calibration, "--methods", Methods, "--out", _folder["report"], "--quiet")).ShouldBeDone();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
