"""Which calls read, write and fetch, by the names that libraries give them.

Two kinds of tables: by the full dotted name where the last word says too little (`open`, `load`),
and by the last word where it says enough whatever it is called on (`read_csv`, `to_parquet`).
The number is the place of the path among the arguments.
"""

READS_BY_NAME: dict[str, int] = {
    "numpy.load": 0, "numpy.memmap": 0, "numpy.lib.format.open_memmap": 0,
    "PIL.Image.open": 0, "Image.open": 0, "joblib.load": 0, "torch.load": 0, "cv2.imread": 0,
    "nibabel.load": 0, "nib.load": 0, "librosa.load": 0, "soundfile.read": 0, "sf.read": 0,
    "scipy.io.wavfile.read": 0, "wavfile.read": 0, "astropy.io.fits.open": 0, "fits.open": 0,
    "fits.getdata": 0, "astropy.io.fits.getdata": 0, "astropy.table.Table.read": 0,
    "Table.read": 0, "astropy.io.ascii.read": 0, "os.listdir": 0, "os.scandir": 0, "os.walk": 0,
    "os.stat": 0, "os.path.getsize": 0, "importlib.util.spec_from_file_location": 1,
    "keras.models.load_model": 0, "tensorflow.keras.models.load_model": 0,
    "dask.dataframe.read_csv": 0, "pickle.load": 0, "dill.load": 0, "geopandas.read_file": 0,
    "fiona.open": 0, "rioxarray.open_rasterio": 0, "openpyxl.load_workbook": 0,
    "docx.Document": 0, "PyPDF2.PdfReader": 0, "h5py.File": 0, "netCDF4.Dataset": 0,
    "zipfile.ZipFile": 0, "tarfile.open": 0, "tables.open_file": 0, "pandas.HDFStore": 0,
    "pandas.ExcelFile": 0, "pandas.ExcelWriter": 0, "rasterio.open": 0, "open": 0, "io.open": 0,
    "codecs.open": 0, "gzip.open": 0, "bz2.open": 0, "lzma.open": 0, "gzip.GzipFile": 0,
    "fsspec.open": 0, "smart_open.open": 0, "pyarrow.parquet.read_table": 0, "pq.read_table": 0,
    "trimesh.load": 0, "mne.io.read_raw": 0, "gensim.models.KeyedVectors.load_word2vec_format": 0,
    "yaml.load_file": 0, "configparser.ConfigParser.read": 0, "dotenv.load_dotenv": 0,
    "runpy.run_path": 0, "execfile": 0, "plt.imread": 0, "shutil.unpack_archive": 0,
}  # fmt: skip
MODES: dict[str, tuple[int, str]] = {
    "h5py.File": (1, "r"), "netCDF4.Dataset": (1, "r"), "zipfile.ZipFile": (1, "r"),
    "tarfile.open": (1, "r"), "tables.open_file": (1, "r"), "pandas.HDFStore": (1, "a"),
    "pandas.ExcelWriter": (-1, "w"), "rasterio.open": (1, "r"), "open": (1, "r"),
    "io.open": (1, "r"), "codecs.open": (1, "r"), "gzip.open": (1, "r"), "bz2.open": (1, "r"),
    "lzma.open": (1, "r"), "gzip.GzipFile": (1, "r"), "fsspec.open": (1, "r"),
    "smart_open.open": (1, "r"), "fiona.open": (1, "r"), "numpy.memmap": (2, "r+"),
    "numpy.lib.format.open_memmap": (1, "r"),
}  # fmt: skip
"""Where the mode stands and what it is when it is not given."""
WRITES_BY_NAME: dict[str, int] = {
    "numpy.save": 0, "numpy.savez": 0, "numpy.savez_compressed": 0, "joblib.dump": 1,
    "torch.save": 1, "cv2.imwrite": 0, "nibabel.save": 1, "nib.save": 1, "soundfile.write": 0,
    "sf.write": 0, "scipy.io.wavfile.write": 0, "wavfile.write": 0, "os.makedirs": 0,
    "os.mkdir": 0, "urllib.request.urlretrieve": 1, "urllib.urlretrieve": 1, "urlretrieve": 1,
    "wget.download": 1, "gdown.download": 1, "plotly.io.write_image": 1,
    "plotly.io.write_html": 1, "plotly.offline.plot": -1, "imageio.mimsave": 0,
    "pyarrow.parquet.write_table": 1, "pq.write_table": 1, "bokeh.plotting.output_file": 0,
    "bokeh.io.output_file": 0, "output_file": 0, "sys.stdout.open": 0, "logging.basicConfig": -1,
}  # fmt: skip
COPIES: frozenset[str] = frozenset(
    {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.move", "os.rename", "os.replace"}
)
READS_BY_LAST: frozenset[str] = frozenset(
    {
        "read_csv", "read_table", "read_excel", "read_json", "read_html", "read_xml", "read_fwf",
        "read_parquet", "read_feather", "read_orc", "read_pickle", "read_hdf", "read_sas",
        "read_spss", "read_stata", "scan_csv", "scan_parquet", "scan_ndjson", "read_ndjson",
        "read_ipc", "read_file", "read_h5ad", "read_loom", "read_10x_mtx", "read_10x_h5",
        "loadtxt", "genfromtxt", "recfromcsv", "fromfile", "imread", "open_dataset",
        "open_dataarray", "load_dataarray", "open_mfdataset", "open_zarr", "loadmat", "read_edf",
        "read_raw_edf", "read_raw_fif", "read_gpickle", "read_graphml", "read_gml", "read_edgelist",
        "read_shapefile", "loadarff", "read_dta", "load_npz", "read_wav", "load_weights", "readsav",
        "read_batch_csv", "read_csv_auto", "load_workbook", "read_sql_file",
    }
)  # fmt: skip
WRITES_BY_LAST: frozenset[str] = frozenset(
    {
        "savefig", "savetxt", "savemat", "imsave", "imwrite", "to_csv", "to_excel", "to_parquet",
        "to_feather", "to_pickle", "to_hdf", "to_stata", "to_json", "to_html", "to_latex",
        "to_markdown", "to_xml", "to_orc", "to_netcdf", "to_zarr", "to_file", "tofile",
        "write_csv", "write_parquet", "write_json", "write_ndjson", "write_ipc", "write_html",
        "write_image", "write_h5ad", "write_gpickle", "write_graphml", "write_gml", "save_npz",
        "write_edgelist", "save_weights", "writeto", "save_html", "write_hdf", "savez",
    }
)  # fmt: skip
PATH_KEYWORDS: frozenset[str] = frozenset(
    {
        "filepath_or_buffer", "path", "io", "filename", "fname", "file", "filename_or_obj", "fp",
        "path_or_buf", "path_or_buffer", "excel_writer", "uri", "im", "paths", "source",
        "output_file", "filepath", "path_or_file",
    }
)  # fmt: skip
FETCHES_BY_NAME: frozenset[str] = frozenset(
    {
        "requests.get", "requests.post", "requests.put", "requests.head", "requests.request",
        "requests.Session.get", "urllib.request.urlopen", "urllib.request.urlretrieve",
        "urllib.request.Request", "urllib.urlopen", "urllib2.urlopen", "urllib.urlretrieve",
        "urlopen", "urlretrieve", "wget.download", "gdown.download", "pooch.retrieve",
        "pooch.create", "httpx.get", "httpx.post", "httpx.stream",
        "torch.hub.load_state_dict_from_url",
        "keras.utils.get_file", "tensorflow.keras.utils.get_file", "aiohttp.request",
        "skimage.io.imread", "imageio.imread", "urllib.request.URLopener",
        "cached_download", "hf_hub_download", "download_url", "download_file",
        "intake.open_catalog",
    }
)  # fmt: skip
FETCHES_BY_LAST: frozenset[str] = frozenset(
    {"urlopen", "urlretrieve", "get_file", "download_file", "download_url", "download", "retrieve",
     "download_and_extract", "fetch_file", "wget"}
)  # fmt: skip
NETWORK_BY_NAME: frozenset[str] = frozenset(
    {
        "seaborn.load_dataset", "nltk.download", "datasets.load_dataset", "yfinance.download",
        "yfinance.Ticker", "pandas_datareader.DataReader", "pandas_datareader.data.DataReader",
        "torch.hub.load", "tensorflow_datasets.load", "tensorflow_hub.load",
        "gensim.downloader.load",
        "spacy.cli.download", "wbdata.get_dataframe", "openml.datasets.get_dataset",
        "statsmodels.api.datasets.get_rdataset", "vega_datasets.data", "osmnx.graph_from_place",
        "huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download",
        "xarray.tutorial.open_dataset", "xarray.tutorial.load_dataset", "geodatasets.get_path",
        "ucimlrepo.fetch_ucirepo", "pooch.retrieve", "kagglehub.dataset_download",
        "statsmodels.datasets.get_rdataset", "transformers.pipeline", "wikipedia.summary",
        "wikipedia.page", "scipy.datasets.face", "scipy.datasets.ascent",
        "scipy.datasets.electrocardiogram", "scipy.datasets.download_all",
        "cartopy.io.shapereader.natural_earth", "geodatasets.fetch", "tensorflow_hub.KerasLayer",
    }
)  # fmt: skip
"""Calls that fetch without naming a URL. A seaborn data set is fetched, scikit-learn's small ones
are not, its `fetch_*` are."""
NETWORK_PREFIXES: tuple[str, ...] = (
    "sklearn.datasets.fetch_", "skimage.data.download_", "keras.datasets.",
    "tensorflow.keras.datasets.", "tensorflow.python.keras.datasets.", "astroquery.",
    "Bio.Entrez.e",
)  # fmt: skip
NETWORK_SUFFIXES: tuple[str, ...] = (".from_pretrained",)
PRETRAINED: tuple[str, ...] = ("keras.applications.", "tensorflow.keras.applications.")
"""Models of these modules fetch their weights, unless they are called with `weights=None`."""
GPU_MODULES: frozenset[str] = frozenset(
    {"cupy", "cudf", "cuml", "cugraph", "pycuda", "numba.cuda", "tensorrt", "rmm", "pynvml"}
)
GPU_CALLS: frozenset[str] = frozenset(
    {"torch.cuda.set_device", "torch.cuda.synchronize", "torch.cuda.current_device",
     "torch.cuda.get_device_name", "torch.cuda.memory_allocated", "spacy.require_gpu"}
)  # fmt: skip
DISPLAYS: frozenset[str] = frozenset({"Image", "Audio", "Video", "SVG", "HTML", "FileLink"})
"""Of IPython.display: read a file when their first argument, or `filename=`, names one."""
HARMLESS: frozenset[str] = frozenset(
    {
        "print", "len", "str", "repr", "Path", "join", "exists", "isfile", "isdir", "basename",
        "dirname", "abspath", "remove", "unlink", "format", "split", "replace", "startswith",
        "endswith", "title", "set_title", "suptitle", "xlabel", "ylabel", "set_xlabel",
        "set_ylabel", "text", "annotate", "legend", "append", "getsize", "stat", "Markdown", "HTML",
        "display", "run", "call", "check_call", "check_output", "system", "getoutput", "sub",
        "match", "search", "compile", "strip", "rstrip", "splitext", "Image", "label", "set",
        "PurePath", "pathlib.Path", "import_module", "getenv", "get", "isin", "rename", "info",
        "debug", "warning", "error", "range", "sorted", "list", "tuple", "dict", "enumerate", "zip",
        "run_line_magic", "run_cell_magic", "magic", "relpath", "expanduser", "realpath",
    }
)  # fmt: skip
"""Calls that are handed file names and neither read nor write them."""
