using System.Runtime.CompilerServices;

namespace Harmony.Testing;

/// <summary>Gateways of tests that name no storage keep their things beside the tests, not in the home of whoever runs them.</summary>
internal static class TestState
{
    [ModuleInitializer]
    internal static void Redirect()
    {
        Environment.SetEnvironmentVariable("STATE_DIRECTORY", null);
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Path.Combine(AppContext.BaseDirectory, "state"));
    }
}
