using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Plugins;

/// <summary>
/// The modules of one configuration: the standard ones and those of its plug-ins. Disposed with its configuration, after everything that
/// was built from it, so that the plug-ins are unloaded.
/// </summary>
internal sealed class PluginSet : IDisposable
{
    private readonly Dictionary<string, Plugin?> _plugins = new(StringComparer.Ordinal);
    private readonly ConfigProblems _problems;
    private readonly ModuleRegistryBuilder _modules;

    private PluginSet(ModuleRegistry standard, ConfigProblems problems)
    {
        _problems = problems;
        _modules = standard.ToBuilder();
        Modules = standard;
    }

    /// <summary>All modules.</summary>
    public ModuleRegistry Modules { get; private set; }

    /// <summary>Loads what registrations name; an assembly that cannot be used is one error where it is named first.</summary>
    public static PluginSet Load(ConfigSet config, ModuleRegistry standard, ConfigProblems problems)
    {
        var set = new PluginSet(standard, problems);
        foreach (var registration in config.Services.Concat(config.MiddlewareTypes)) set.Add(config, registration.Section);
        if (set._plugins.Count > 0) set.Modules = set._modules.Build();
        foreach (var service in config.Services) set.CheckName(config, service, "service", set.Modules.Service(service.Name) is not null);
        foreach (var type in config.MiddlewareTypes) set.CheckName(config, type, "middleware type", set.Modules.MiddlewareType(type.Name) is not null);
        return set;
    }

    public void Dispose()
    {
        foreach (var plugin in _plugins.Values) plugin?.Dispose();
        _plugins.Clear();
    }

    private static string PathOf(ConfigSet config, RegistrationSection section) => Path.GetFullPath(ConfigPaths.Find(config.Directory, section.Module));

    private void Add(ConfigSet config, RegistrationSection section)
    {
        if (section.Module.Length == 0) return;
        var file = PathOf(config, section);
        if (_plugins.ContainsKey(file)) return;
        if (config.Trial is { } trial)
        {
            // Loading would run its code. What the running configuration has of it is in the registry already.
            _plugins[file] = null;
            if (!trial.HasPlugin(section.Module))
                _problems.Warning(section.LocationOf("module"), $"the plug-in '{section.Module}' is not loaded by a trial, and what it brings is not tried");
            return;
        }

        config.Sources.Add(file);
        _plugins[file] = null;
        Plugin? plugin = null;
        try
        {
            plugin = Plugin.Load(file);
            AddModules(plugin.Pack);
            _plugins[file] = plugin;
        }
        catch (PluginException e)
        {
            plugin?.Dispose();
            _problems.Error(section.LocationOf("module"), $"the plug-in '{section.Module}' {e.Message}");
        }
    }

    /// <summary>The pack is foreign code: whatever it throws is a mistake of the plug-in, not the end of the program.</summary>
    private void AddModules(IModulePack pack)
    {
        try
        {
            pack.AddTo(_modules);
        }
        catch (Exception e)
        {
            // .NET appends the name of our parameter, which means nothing to the author of a configuration.
            throw new PluginException($"cannot be used: its pack failed: {e.Message.Split(" (Parameter '")[0]}", e);
        }
    }

    private void CheckName(ConfigSet config, Definition<RegistrationSection> registration, string kind, bool exists)
    {
        var section = registration.Section;
        if (exists || section.Module.Length == 0 || _plugins[PathOf(config, section)] is null) return;
        _problems.Error(section.Location,
            $"the plug-in '{section.Module}' brings no {kind} '{registration.Name}'{NearestName.Suggestion(registration.Name, NamesOf(kind))}");
    }

    private IEnumerable<string> NamesOf(string kind) => kind == "service" ? Modules.ServiceNames : Modules.MiddlewareNames;
}

/// <summary>A plug-in that cannot be used.</summary>
/// <param name="reason">Why, to stand behind its path: <c>holds no IModulePack</c>.</param>
/// <param name="cause">The exception behind it.</param>
internal sealed class PluginException(string reason, Exception? cause = null) : Exception(reason, cause);
