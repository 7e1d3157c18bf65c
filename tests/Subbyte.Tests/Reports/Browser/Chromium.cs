using Microsoft.Playwright;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>
/// The machine's own Chromium, driven by Playwright: the one that the variable names, or the first on the path. Tests are skipped visibly
/// where there is none.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Variable = "CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly string[] Arguments =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Executable() is not { } path) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>The browser; skips the calling <c>[SkippableFact]</c> where there is none.</summary>
    public IBrowser Require()
    {
        Skip.If(_browser is null, $"Chromium is absent (set {Variable} to its executable, or install {string.Join(" or ", Names)})");
        return _browser!;
    }

    private static string? Executable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return File.Exists(named) ? named : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
