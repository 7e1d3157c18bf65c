using Microsoft.Playwright;

namespace Subbyte.Tests.Reports.Browser;

/// <summary>A page in a window of its own, with everything that went wrong while it was open.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _window;
    private readonly List<string> _problems = [];

    private OpenedPage(IBrowserContext window, IPage page, Uri address)
    {
        (_window, Page) = (window, page);
        page.Console += (_, message) => _problems.Add($"console: {message.Text}");
        page.PageError += (_, error) => _problems.Add($"script: {error}");
        page.RequestFailed += (_, request) => _problems.Add($"not loaded: {request.Url}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal)) _problems.Add($"asked for: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Messages of the console, errors of scripts, and anything asked for beside the page.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static async Task<OpenedPage> Of(IBrowser browser, Uri address, ViewportSize viewport, ColorScheme scheme)
    {
        var window = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = viewport, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var opened = new OpenedPage(window, await window.NewPageAsync(), address);
        await opened.Page.GotoAsync(address.AbsoluteUri);
        return opened;
    }

    public async ValueTask DisposeAsync() => await _window.CloseAsync();
}
