namespace Harmony.Core.Plugins;

/// <summary>A plug-in that cannot be used.</summary>
/// <param name="reason">Why, to stand behind its path: <c>holds no IModulePack</c>.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class PluginException(string reason, Exception? cause = null) : Exception(reason, cause);
